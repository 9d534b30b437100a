package dev.vipd.vrrp;

/** What a master hands over for, and so what becomes of it. */
public enum HandoverGoal {
    /** The process stops: INIT. */
    STOP("stop"),
    /** {@code vipd failover}: BACKUP, and it does not preempt until it has been master again. */
    FAILOVER("failover"),
    /** {@code vipd maintenance}: FAULT until it is taken back. */
    MAINTENANCE("maintenance");

    private final String wireName;

    HandoverGoal(String wireName) {
        this.wireName = wireName;
    }

    /** Whether a handover for the other one has to become one for this: a process that is to stop does not stay. */
    boolean outlasts(HandoverGoal other) {
        return this == STOP || this == MAINTENANCE && other == FAILOVER;
    }

    /** Name in the log and in {@code status}. */
    public String wireName() {
        return wireName;
    }
}
