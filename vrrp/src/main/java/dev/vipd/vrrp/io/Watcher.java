package dev.vipd.vrrp.io;

import dev.vipd.netlink.sys.Fd;
import java.util.List;
import java.util.OptionalLong;

/** Watches one sort of thing on the {@code track} thread, which alone calls. */
interface Watcher extends AutoCloseable {
    /** What to wait for; may differ from call to call. */
    List<Fd> fds();

    OptionalLong nextDeadlineNs();

    /** Takes what came in, and does what is due. Called once at the start, and too often rather than too seldom. */
    void act(long nowNs);

    @Override
    void close();
}
