package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.TimerWheel;
import dev.vipd.netlink.sys.StreamSocket;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One check thread: an event loop of Netty, with the timers and buffers that its checks share. Confined to it. */
final class CheckLoop {
    private static final int RECEIVE_BYTES = 64 * 1024;

    private final IoEventLoop eventLoop;
    private final LongSupplier clock;
    private final TimerWheel timers;
    private final StartLag lag = new StartLag();
    private final ByteBuffer receiveBuffer = ByteBuffer.allocateDirect(RECEIVE_BYTES);
    private final ByteBuffer sendBuffer = ByteBuffer.allocateDirect(RECEIVE_BYTES);
    private final ByteBuffer addressBuffer = StreamSocket.addressBuffer();
    private final PingSockets pingSockets = new PingSockets(this);
    private final StallMeter stalls = new StallMeter(this);
    private Future<?> wakeUp;
    private long wakeUpNs = Long.MAX_VALUE;

    CheckLoop(IoEventLoop eventLoop, LongSupplier clock) {
        this.eventLoop = eventLoop;
        this.clock = clock;
        this.timers = new TimerWheel(clock.getAsLong());
    }

    IoEventLoop eventLoop() {
        return eventLoop;
    }

    long nanoTime() {
        return clock.getAsLong();
    }

    /** How late probes were begun. */
    StartLag lag() {
        return lag;
    }

    /** Room for what is received; whoever fills it has used it up before it returns. */
    ByteBuffer receiveBuffer() {
        return receiveBuffer.clear();
    }

    /** Room for what is sent, likewise. */
    ByteBuffer sendBuffer() {
        return sendBuffer.clear();
    }

    /** Room for an address, likewise. */
    ByteBuffer addressBuffer() {
        return addressBuffer;
    }

    /** The sockets that its ping checks share. */
    PingSockets pingSockets() {
        return pingSockets;
    }

    /** Notices when this thread does not get to run. */
    StallMeter stalls() {
        return stalls;
    }

    void set(TimerWheel.Timer timer, long dueNs) {
        timers.set(timer, dueNs);
        if (dueNs < wakeUpNs) {
            wakeUpAt(Math.min(timers.nextNs(), dueNs + TimerWheel.TICK_NS));
        }
    }

    void cancel(TimerWheel.Timer timer) {
        timers.cancel(timer);
    }

    private void wakeUpAt(long whenNs) {
        if (wakeUp != null) {
            wakeUp.cancel(false);
        }
        wakeUpNs = whenNs;
        wakeUp = eventLoop.schedule(this::onWakeUp, whenNs - clock.getAsLong(), TimeUnit.NANOSECONDS);
    }

    private void onWakeUp() {
        wakeUp = null;
        wakeUpNs = Long.MIN_VALUE; // whatever is set meanwhile needs no wake-up of its own
        try {
            timers.advance(clock.getAsLong());
        } finally { // one timer that throws must not end all others
            long nextNs = timers.nextNs();
            wakeUpNs = Long.MAX_VALUE;
            if (nextNs != Long.MAX_VALUE) {
                wakeUpAt(nextNs);
            }
        }
    }
}
