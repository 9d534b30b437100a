package dev.vipd.netlink.sys;

/** How the kernel schedules the calling thread. */
public final class Scheduling {
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_RR = 2;
    private static final int SCHED_RESET_ON_FORK = 0x40000000;

    private Scheduling() {}

    /**
     * Puts the calling thread alone before all threads without real-time scheduling: sched_setscheduler(2), SCHED_RR.
     * What it starts is scheduled as usual. No limit of CPU time (RLIMIT_RTTIME) is set.
     *
     * @param priority 1..99; 0 takes it back
     * @throws SysException EPERM without CAP_SYS_NICE and with an RLIMIT_RTPRIO below the priority, or in a control
     *                      group that has no real-time budget
     */
    public static void realTime(int priority) throws SysException {
        int policy = priority == 0 ? SCHED_OTHER : SCHED_RR;
        Sys.check("set the scheduling of a thread", Libc.CALLS.sched_setscheduler(
                0, policy | SCHED_RESET_ON_FORK, Sys.buffer(4).putInt(0, priority))); // pid 0: the calling thread
    }
}
