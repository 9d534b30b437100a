package dev.vipd.netlink.sys;

/** Signals to a process and all that it started: kill(2) with a group. */
public final class ProcessGroup {
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;

    private ProcessGroup() {}

    /**
     * Sends a signal to every process of a group.
     *
     * @param group number of the group, which is that of the process that leads it; greater than 1
     * @return false when there is no such group, or it may not be signalled
     */
    public static boolean signal(long group, int signal) {
        if (group <= 1) {
            throw new IllegalArgumentException("not a group of a script: " + group); // -1 would be everybody
        }
        return Libc.CALLS.kill(Math.toIntExact(-group), signal) == 0;
    }
}
