package dev.vipd.netlink.sys;

/** Signals to a process and everything that it started and that stayed in its group: kill(2). */
public final class ProcessGroup {
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    private ProcessGroup() {}

    /**
     * Asks the group to end.
     *
     * @param leader its first process, alive or not
     * @return false when there is no such group, or it may not be signalled
     */
    public static boolean terminate(long leader) {
        return signal(leader, SIGTERM);
    }

    /** Ends the group. */
    public static boolean kill(long leader) {
        return signal(leader, SIGKILL);
    }

    private static boolean signal(long leader, int signal) {
        if (leader <= 1) { // kill(-1) reaches every process there is, kill(0) this one
            throw new IllegalArgumentException("process group " + leader);
        }
        return Libc.CALLS.kill((int) -leader, signal) == 0;
    }
}
