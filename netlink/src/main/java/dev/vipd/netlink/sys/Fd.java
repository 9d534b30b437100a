package dev.vipd.netlink.sys;

import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor, closed at most once. */
public final class Fd implements AutoCloseable {
    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    Fd(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Libc.CALLS.close(number); // an error of close leaves nothing to do: the descriptor is gone either way
        }
    }
}
