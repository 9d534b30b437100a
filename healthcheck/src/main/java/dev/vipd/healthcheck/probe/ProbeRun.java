package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckOutcome;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One probe under way: its deadline, its connection, and that it reports exactly one outcome. The deadline bounds the
 * whole life, from the start of the connect to the close of the connection. Confined to its loop.
 */
final class ProbeRun implements Prober.Probe {
    /** A deadline that is noticed this late was overslept: the reply may lie unread in the socket. */
    private static final long OVERSLEPT_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long ONE_IO_PASS_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final EventLoop loop;
    private final LongSupplier clock;
    private final long timeoutNs;
    private final Consumer<CheckOutcome> done;
    private final long startNs;
    private Supplier<String> missing = () -> "no outcome";
    private Channel channel;
    private Future<?> deadline;
    private boolean decided;
    private boolean ended;

    /** Starts the deadline. */
    ProbeRun(EventLoop loop, LongSupplier clock, long timeoutNs, Consumer<CheckOutcome> done) {
        this.loop = loop;
        this.clock = clock;
        this.timeoutNs = timeoutNs;
        this.done = done;
        this.startNs = clock.getAsLong();
        this.deadline = loop.schedule(this::onDeadline, timeoutNs, TimeUnit.NANOSECONDS);
    }

    /** Hands over the connection, which is closed with the run. */
    void attach(Channel connection) {
        channel = connection;
        channel.closeFuture().addListener(_ -> {
            if (decided) {
                end();
            }
        });
    }

    /** Says what to blame if the deadline comes next. */
    void awaiting(Supplier<String> whatIsMissing) {
        missing = whatIsMissing;
    }

    /** The allowed time for people. */
    String timeoutText() {
        return DurationText.of(timeoutNs);
    }

    /** Whether an outcome was reported, or the run cancelled. */
    boolean decided() {
        return decided;
    }

    /** Reports the outcome unless there is one; the connection stays open for what is left to be read. */
    void decide(CheckOutcome outcome) {
        if (!decided) {
            decided = true;
            done.accept(outcome);
        }
    }

    CheckOutcome passed() {
        return new CheckOutcome.Passed(clock.getAsLong() - startNs);
    }

    CheckOutcome failed(String reason) {
        return new CheckOutcome.Failed(reason, clock.getAsLong() - startNs);
    }

    /** Reports the outcome unless there is one, and closes. */
    void finish(CheckOutcome outcome) {
        boolean first = !decided;
        // before the close, which comes back as a closed connection
        decided = true;
        end();
        if (first) {
            done.accept(outcome);
        }
    }

    /** Closes the connection; an orderly close that does not wait. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        deadline.cancel(false);
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void cancel() {
        decided = true;
        end();
    }

    /**
     * After a stall of this process the timer may come before what the network delivered meanwhile. So the sockets get
     * one more pass first; and if time to answer was truly not measured, the server is not blamed.
     */
    private void onDeadline() {
        long lateNs = clock.getAsLong() - startNs - timeoutNs;
        if (lateNs < OVERSLEPT_NS || decided) {
            expire(0);
        } else {
            deadline = loop.schedule(() -> expire(lateNs), ONE_IO_PASS_NS, TimeUnit.NANOSECONDS);
        }
    }

    private void expire(long lateNs) {
        if (lateNs >= timeoutNs / 2) {
            finish(new CheckOutcome.LocalFault("the timer for " + timeoutText() + " went off far too late"));
        } else {
            finish(failed(missing.get()));
        }
    }
}
