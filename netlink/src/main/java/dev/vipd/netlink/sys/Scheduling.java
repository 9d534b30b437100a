package dev.vipd.netlink.sys;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** How the kernel schedules the calling thread. */
public final class Scheduling {
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_RR = 2;
    private static final int SCHED_RESET_ON_FORK = 0x40000000;
    private static final int PRIO_PROCESS = 0;
    private static final int NICE_BEST = -20;
    private static final String COLLECTOR = "VM Thread"; // with the serial collector

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

    /**
     * Gives the JVM's own thread that collects garbage the best nice value: the calling thread waits for it at each
     * collection, and among many busy processes it would get its turn tens of milliseconds late. It is not real-time,
     * and it runs for fractions of a millisecond.
     *
     * @throws SysException EPERM without CAP_SYS_NICE
     */
    public static void favourCollector() throws SysException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).strip().equals(COLLECTOR)) {
                    int id = Integer.parseInt(thread.getFileName().toString());
                    Sys.check("set the nice value of a thread", Libc.CALLS.setpriority(PRIO_PROCESS, id, NICE_BEST));
                }
            }
        } catch (SysException e) {
            throw e;
        } catch (IOException | DirectoryIteratorException e) {
            // a thread that ended meanwhile was not this one
        }
    }
}
