package dev.vipd.vrrp;

import java.util.Optional;

/**
 * Why a virtual router changed its state.
 *
 * @param cause the sort of reason
 * @param fault for {@link Cause#FAULT}, which one
 */
public record StateReason(Cause cause, Optional<FaultReason> fault) {

    /** Sort of reason, with its name in the log and in {@code status}. */
    public enum Cause {
        /** Created, and not yet started. */
        CREATED("created"),
        /** Started. */
        STARTUP("startup"),
        /** Stopped in an orderly way. */
        SHUTDOWN("shutdown"),
        /** The address owner (priority 255) is master as soon as it can be. */
        OWNER("owner"),
        /** No master was heard for the master-down interval. */
        MASTER_DOWN("master_down"),
        /** The master resigned with priority 0. */
        PRIO_ZERO("prio_zero"),
        /** Takes over from a master of lower priority. */
        PREEMPT("preempt"),
        /** Yields to a master of higher priority. */
        HIGHER_PRIO("higher_prio"),
        /** Yields to a master of equal priority with the higher address. */
        HIGHER_IP("higher_ip"),
        /** An address owner yields to another one that ignores its adverts. */
        OTHER_OWNER("other_owner"),
        /** Was master a moment ago, before a restart or a stall, and has not heard a better one. */
        RESUME("resume"),
        /** Slept for longer than a peer needs to take over, and listens before it speaks. */
        STALL("stall"),
        /** Handed over by an operator's command. */
        FAILOVER("failover"),
        /** Another member of its sync group left MASTER. */
        SYNC_GROUP("sync_group"),
        /** A fault was raised. */
        FAULT("fault"),
        /** The last fault was cleared. */
        RECOVERED("recovered");

        private final String wireName;

        Cause(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    static StateReason of(Cause cause) {
        return new StateReason(cause, Optional.empty());
    }

    static StateReason of(FaultReason fault) {
        return new StateReason(Cause.FAULT, Optional.of(fault));
    }

    /** The value of {@code why=} in {@code vrrp.state}: {@code master_down}, {@code fault:interface:eth0}. */
    @Override
    public String toString() {
        return fault.map(f -> cause.wireName + ":" + f).orElse(cause.wireName);
    }
}
