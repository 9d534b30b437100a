package dev.vipd.netlink.connector;

/** What the kernel tells of processes. Threads other than a process' first are left out. */
public sealed interface ProcessEvent {
    /** A process was forked; it still looks like its parent. */
    record Forked(int parentPid, int pid) implements ProcessEvent {}

    /** It runs another program now. */
    record Executed(int pid) implements ProcessEvent {}

    /** It goes by another name now (prctl PR_SET_NAME, or a write to /proc/PID/comm). */
    record Renamed(int pid) implements ProcessEvent {}

    record Exited(int pid) implements ProcessEvent {}

    /** Events were lost (ENOBUFS): whoever follows processes must read /proc anew. */
    record Overrun() implements ProcessEvent {}
}
