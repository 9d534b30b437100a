package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.CheckTiming;
import io.netty.channel.IoEventLoop;
import java.util.function.Supplier;

/**
 * One probe under way: its deadline, what it holds, and that it reports exactly one outcome. The deadline bounds the
 * whole probe and can't be stretched by what the server sends; {@code connect_timeout} bounds it until
 * {@link #connected()}. Confined to its loop.
 */
final class ProbeRun {
    private static final long ONE_IO_PASS_NS = 1_000_000;

    /** Told how a probe ended. */
    interface Done {
        /** Called once; what the probe held is released by then. */
        void ended(ProbeRun run, CheckOutcome outcome);
    }

    private final CheckLoop loop;
    private final CheckTiming timing;
    private final Done done;
    private final long startNs;
    private long deadlineNs;
    private boolean connecting = true;
    private final long stalledBeforeNs;
    private boolean lookedTwice;
    private String awaited = "connect";
    private Supplier<String> awaitedNow;
    private String ownFault;
    private Runnable release;
    private boolean decided;

    ProbeRun(CheckLoop loop, CheckTiming timing, long nowNs, Done done) {
        this.loop = loop;
        this.timing = timing;
        this.done = done;
        this.startNs = nowNs;
        this.deadlineNs = nowNs + limitNs();
        this.stalledBeforeNs = loop.stalls().sumNs();
        loop.stalls().begin();
    }

    CheckLoop loop() {
        return loop;
    }

    IoEventLoop eventLoop() {
        return loop.eventLoop();
    }

    /** The whole probe may take so long. */
    long timeoutNs() {
        return timing.timeoutNs();
    }

    /** When {@link #onDeadline} is to be called next. */
    long deadlineNs() {
        return deadlineNs;
    }

    /** From here on the limit for the whole probe counts, not the one for the connect. */
    void connected() {
        connecting = false;
        deadlineNs = startNs + timing.timeoutNs();
    }

    /** Names what is waited for, for {@code WHAT timed out after 2s}: {@code TLS handshake}, {@code first byte}. */
    void awaiting(String what) {
        awaited = what;
        awaitedNow = null;
        ownFault = null;
    }

    /** From here on this machine is waited for: a timeout is this local fault, and is not held against the server. */
    void awaitingOurselves(String fault) {
        ownFault = fault;
    }

    /** The same, asked only if it comes to that. */
    void awaiting(Supplier<String> what) {
        awaitedNow = what;
    }

    /** Names what has to be given up when the probe ends, however it does. It replaces what was named before. */
    void onEnd(Runnable what) {
        release = what;
    }

    /** Whether there is an outcome, or none is wanted any more: nothing that comes now matters. */
    boolean decided() {
        return decided;
    }

    void passed() {
        end(new CheckOutcome.Passed(elapsedNs()));
    }

    /** @param warning as in {@link CheckOutcome.Passed}, may be empty */
    void passed(Advice advice, String warning) {
        end(new CheckOutcome.Passed(advice, warning, elapsedNs()));
    }

    /**
     * The server is not blamed when the time is over and half of it was slept through: it may have answered, or have
     * given us up.
     *
     * @param reason as in {@link CheckOutcome.Failed}
     */
    void failed(String reason) {
        long stalledNs = loop.stalls().sumNs() - stalledBeforeNs;
        if (elapsedNs() >= limitNs() && stalledNs >= limitNs() / 2) {
            localFault("checks stalled for most of " + DurationText.of(limitNs()));
        } else {
            end(new CheckOutcome.Failed(reason, elapsedNs()));
        }
    }

    /** A fault of this machine. */
    void localFault(String reason) {
        end(new CheckOutcome.LocalFault(reason));
    }

    /** Does a part of the probe. A defect of ours, which it may throw, ends neither the check nor the server. */
    void carefully(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            localFault("the probe failed: " + e);
        }
    }

    /** Releases what is held; no outcome is reported. */
    void cancel() {
        if (!decided) {
            decide();
        }
    }

    /**
     * After a stall of this process the timer may come before what the network delivered meanwhile. So the sockets get
     * one more pass first.
     */
    void onDeadline(long nowNs) {
        if (deadlineNs - nowNs > 0) {
            return; // it was put off
        }
        if (!lookedTwice && nowNs - deadlineNs >= StallMeter.OVERSLEPT_NS) {
            lookedTwice = true;
            deadlineNs = nowNs + ONE_IO_PASS_NS;
            return;
        }
        if (ownFault != null) {
            localFault(ownFault);
        } else {
            String what = awaitedNow == null ? awaited : awaitedNow.get();
            failed(what + " timed out after " + DurationText.of(limitNs()));
        }
    }

    private long limitNs() {
        return connecting ? Math.min(timing.connectTimeoutNs(), timing.timeoutNs()) : timing.timeoutNs();
    }

    private long elapsedNs() {
        return loop.nanoTime() - startNs;
    }

    private void end(CheckOutcome outcome) {
        if (decided) {
            return;
        }
        try {
            decide();
        } finally {
            done.ended(this, outcome);
        }
    }

    private void decide() {
        decided = true;
        loop.stalls().end();
        Runnable held = release;
        release = null;
        if (held != null) {
            held.run();
        }
    }
}
