package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/** Makes single probes. */
interface Prober {
    /**
     * Starts one probe; to be called on the loop.
     *
     * @param done called on the loop exactly once, at the latest after the check's {@code connect_timeout}, possibly
     *     before this returns; never after {@link Probe#cancel()}
     */
    Probe probe(CheckConfig check, EventLoop loop, Consumer<CheckOutcome> done);

    /** A probe that was started. */
    interface Probe {
        /** Closes the connection and forgets the outcome; nothing if the probe has ended. To be called on the loop. */
        void cancel();
    }
}
