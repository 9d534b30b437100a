package dev.vipd.netlink.sys;

/** Signals to a process and everything that it started and that stayed in its group: kill(2). */
public final class ProcessGroup {
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    private ProcessGroup() {}

    /** Asks the group to end; does nothing when nobody is left in it. @param leader its first process, alive or not */
    public static void terminate(long leader) {
        signal(leader, SIGTERM);
    }

    /** Ends the group. */
    public static void kill(long leader) {
        signal(leader, SIGKILL);
    }

    private static void signal(long leader, int signal) {
        if (leader <= 1) { // kill(-1) reaches every process there is, kill(0) this one
            throw new IllegalArgumentException("process group " + leader);
        }
        Libc.CALLS.kill((int) -leader, signal);
    }
}
