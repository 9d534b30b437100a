package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches folders: inotify(7). Unlike java.nio's WatchService it tells when a writer has closed a file, so that a file
 * is not read between its truncation and its new content. Not thread-safe.
 */
public final class Inotify implements AutoCloseable {
    private static final int IN_CLOSE_WRITE = 0x8;
    private static final int IN_MOVED_FROM = 0x40;
    private static final int IN_MOVED_TO = 0x80;
    private static final int IN_CREATE = 0x100;
    private static final int IN_DELETE = 0x200;
    private static final int IN_DELETE_SELF = 0x400;
    private static final int IN_MOVE_SELF = 0x800;
    private static final int IN_Q_OVERFLOW = 0x4000;
    private static final int IN_IGNORED = 0x8000;
    private static final int IN_ONLYDIR = 0x1000000;
    private static final int WANTED = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE
            | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

    /** struct inotify_event: wd i32 @0, mask u32 @4, cookie u32 @8, len u32 @12, the name with its padding @16. */
    private static final int EVENT_BYTES = 16;

    private static final int FLAGS = Sys.SOCK_CLOEXEC | Sys.SOCK_NONBLOCK; // IN_CLOEXEC, IN_NONBLOCK: the same bits

    private final Fd fd;
    private final ByteBuffer buffer = Sys.buffer(16 * 1024);

    /** What happened. */
    public sealed interface Change {
        /** A file in the folder was written and closed, made, renamed or deleted. */
        record Entry(int watch, String name) implements Change {}

        /** The folder itself is gone, or is elsewhere now; it is watched no more. */
        record FolderGone(int watch) implements Change {}

        /** Changes were lost: all files are to be read anew. */
        record Overflow() implements Change {}
    }

    public Inotify() throws SysException {
        fd = new Fd(Sys.check("create inotify", Libc.CALLS.inotify_init1(FLAGS)));
    }

    public Fd fd() {
        return fd;
    }

    /**
     * Watches what happens to the files in a folder.
     *
     * @return number of the watch; the same as before for a folder that is watched already
     * @throws SysException ENOENT without such a folder
     */
    public int watch(Path folder) throws SysException {
        return Sys.check(
                "watch the folder " + folder,
                Libc.CALLS.inotify_add_watch(fd.number(), Sys.text(folder.toString()), WANTED));
    }

    /** Ends a watch; does nothing when it has ended. */
    public void unwatch(int watch) {
        Libc.CALLS.inotify_rm_watch(fd.number(), watch);
    }

    /** What waits in the queue, oldest first; a bounded number a call. Does not block. */
    public List<Change> read() throws SysException {
        long size = Libc.CALLS.read(fd.number(), buffer.clear(), buffer.capacity());
        if (size < 0) {
            int errno = Libc.errno();
            if (errno == Errno.EAGAIN || errno == Errno.EINTR) {
                return List.of();
            }
            throw new SysException("read changes of files", errno);
        }
        List<Change> changes = new ArrayList<>();
        for (int at = 0; at + EVENT_BYTES <= size; at += EVENT_BYTES + buffer.getInt(at + 12)) {
            int watch = buffer.getInt(at);
            int mask = buffer.getInt(at + 4);
            if ((mask & IN_Q_OVERFLOW) != 0) {
                changes.add(new Change.Overflow());
            } else if ((mask & IN_MOVE_SELF) != 0) {
                unwatch(watch); // IN_IGNORED follows
            } else if ((mask & IN_IGNORED) != 0) {
                changes.add(new Change.FolderGone(watch));
            } else if ((mask & IN_DELETE_SELF) == 0) { // IN_IGNORED follows that one too
                changes.add(new Change.Entry(watch, name(at + EVENT_BYTES, buffer.getInt(at + 12))));
            }
        }
        return changes;
    }

    @Override
    public void close() {
        fd.close();
    }

    private String name(int at, int length) {
        int end = at;
        while (end < at + length && buffer.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - at];
        buffer.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
