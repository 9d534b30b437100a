package dev.vipd.healthcheck;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One check of one real server: when to probe next, and what the outcomes so far amount to. The rules are in
 * {@link CheckTiming}; not thread-safe.
 *
 * <p>Checks keep to a grid: the first probe falls at a random point of {@code warmup}, and every later check begins at
 * that point plus a multiple of {@code delay_loop}, plus up to a tenth of {@code delay_loop} of jitter. Jitter does not
 * add up, and a probe that was late or took long moves nothing: the points it missed are skipped, and so is one that is
 * less than half a {@code delay_loop} after the start of the check before. The pause before a retry is lengthened by up
 * to a tenth as well. While in doubt ({@code fast_interval}) the grid is left, and begins anew where the doubt ended.
 *
 * <p>A {@link CheckOutcome.LocalFault} changes nothing but the last outcome; the next probe is at the next grid point.
 */
public final class CheckTracker {
    /** Transitions that are kept. */
    public static final int HISTORY_MAX = 8;

    private static final long JITTER_DIVISOR = 10;

    private final CheckTiming timing;
    private final Jitter jitter;
    private HealthState state;
    private long sinceNs;
    private String reason;
    private Advice advice = Advice.NONE;
    private Optional<CheckOutcome> lastOutcome = Optional.empty();
    private final Flapping flapping;
    private final Deque<HealthTransition> history = new ArrayDeque<>(2);
    private long consecutivePasses;
    private long consecutiveFailures;
    private int failedTries;
    private long firstTryNs;
    private long gridNs;
    private long nextProbeNs;

    /** A check of a server that was not checked before: begins UP, or with {@code alpha} DOWN. */
    public CheckTracker(CheckTiming timing, long seed, long nowNs) {
        this(timing, timing.alpha() ? HealthState.DOWN : HealthState.UP, seed, nowNs);
    }

    /**
     * @param initial state until outcomes say otherwise
     * @param seed    of the warm-up's and the jitter's random sequence
     */
    public CheckTracker(CheckTiming timing, HealthState initial, long seed, long nowNs) {
        if (timing.delayLoopNs() < 1 || timing.rise() < 1 || timing.fall() < 1 || timing.retry() < 0) {
            throw new IllegalArgumentException("impossible timing: " + timing);
        }
        this.timing = timing;
        this.jitter = new Jitter(seed);
        this.flapping = new Flapping(timing);
        this.state = initial;
        this.sinceNs = nowNs;
        this.reason = "not checked yet";
        this.gridNs = nowNs + jitter.within(timing.warmupNs());
        this.nextProbeNs = gridNs;
    }

    /**
     * Takes in how the probe ended that was due at {@link #nextProbeNs()}.
     *
     * @param nowNs when it ended
     * @return the change of state, if this outcome made one
     */
    public Optional<HealthTransition> on(CheckOutcome outcome, long nowNs) {
        lastOutcome = Optional.of(outcome);
        return switch (outcome) {
            case CheckOutcome.Passed passed -> {
                noteTry(nowNs - passed.durationNs());
                advice = passed.advice();
                yield onPassedCheck(nowNs);
            }
            case CheckOutcome.Failed failed -> {
                noteTry(nowNs - failed.durationNs());
                yield onFailedTry(failed.reason(), nowNs);
            }
            case CheckOutcome.LocalFault _ -> {
                waitForGrid(nowNs, nowNs);
                yield Optional.empty();
            }
        };
    }

    /** When the next probe is to start. Meaningless while one is under way. */
    public long nextProbeNs() {
        return nextProbeNs;
    }

    public HealthState state() {
        return state;
    }

    /** Since when the state is what it is. */
    public long sinceNs() {
        return sinceNs;
    }

    /** Why the state is what it is. */
    public String reason() {
        return reason;
    }

    /** State, reason, and what the last passed probe said of the weight. */
    public Verdict verdict() {
        return new Verdict(state, advice, reason);
    }

    /** What the last passed probe said of the weight. */
    public Advice advice() {
        return advice;
    }

    /** The last transitions, the latest first; {@link #HISTORY_MAX} at most. */
    public List<HealthTransition> history() {
        return List.copyOf(history);
    }

    /** How much longer it stays down for flapping, whatever the probes say; 0: not held down. */
    public long heldNs(long nowNs) {
        return state == HealthState.DOWN ? Math.max(0, flapping.leftNs(nowNs)) : 0;
    }

    /** The last probe's outcome, failed tries and local faults included; empty before the first. */
    public Optional<CheckOutcome> lastOutcome() {
        return lastOutcome;
    }

    /** Passed checks since the last failed one. */
    public long consecutivePasses() {
        return consecutivePasses;
    }

    /** Failed checks, each with all its retries, since the last passed one. */
    public long consecutiveFailures() {
        return consecutiveFailures;
    }

    private void noteTry(long startNs) {
        if (failedTries == 0) {
            firstTryNs = startNs;
        }
    }

    private Optional<HealthTransition> onPassedCheck(long nowNs) {
        consecutivePasses++;
        consecutiveFailures = 0;
        Optional<HealthTransition> transition = Optional.empty();
        if (state == HealthState.DOWN && consecutivePasses >= timing.rise() && flapping.leftNs(nowNs) <= 0) {
            String why = timing.rise() == 1 ? "passed" : "passed " + timing.rise() + " in a row";
            String held = flapping.flaps() == 0 ? "" : ", held down for flapping";
            transition = transition(HealthState.UP, why + held, nowNs);
        }
        endCheck(nowNs);
        return transition;
    }

    private Optional<HealthTransition> onFailedTry(String why, long nowNs) {
        if (failedTries < timing.retry()) {
            failedTries++;
            long pauseNs = timing.delayBeforeRetryNs();
            nextProbeNs = nowNs + pauseNs + jitter.within(pauseNs / JITTER_DIVISOR);
            return Optional.empty();
        }
        consecutiveFailures++;
        consecutivePasses = 0;
        Optional<HealthTransition> transition = Optional.empty();
        if (state == HealthState.UP && consecutiveFailures >= timing.fall()) {
            transition = transition(HealthState.DOWN, why, nowNs);
        }
        endCheck(nowNs);
        return transition;
    }

    private void endCheck(long nowNs) {
        failedTries = 0;
        if (inDoubt() && timing.fastIntervalNs() > 0) {
            long fastNs = timing.fastIntervalNs();
            nextProbeNs = Math.max(firstTryNs + fastNs - nowNs, 0) + nowNs + jitter.within(fastNs / JITTER_DIVISOR);
            gridNs = nextProbeNs;
        } else {
            waitForGrid(firstTryNs, nowNs);
        }
    }

    /** The last check says otherwise than the state, and more checks can change it now. */
    private boolean inDoubt() {
        return state == HealthState.UP
                ? consecutiveFailures > 0
                : consecutivePasses > 0 && consecutivePasses < timing.rise();
    }

    /** Moves to the first grid point that is in the future and not too soon after the check that began at startNs. */
    private void waitForGrid(long startNs, long nowNs) {
        long soonestNs = startNs + timing.delayLoopNs() / 2;
        long earliestNs = soonestNs - nowNs > 0 ? soonestNs : nowNs + 1;
        long missingNs = earliestNs - gridNs;
        if (missingNs > 0) {
            gridNs += Math.ceilDiv(missingNs, timing.delayLoopNs()) * timing.delayLoopNs();
        }
        nextProbeNs = gridNs + jitter.within(timing.delayLoopNs() / JITTER_DIVISOR);
    }

    private Optional<HealthTransition> transition(HealthState to, String why, long nowNs) {
        HealthTransition transition = new HealthTransition(state, to, why, nowNs);
        state = to;
        sinceNs = nowNs;
        reason = why;
        if (to == HealthState.UP) {
            flapping.up(nowNs);
        } else {
            flapping.down(nowNs);
        }
        if (history.size() == HISTORY_MAX) {
            history.removeLast();
        }
        history.addFirst(transition);
        return Optional.of(transition);
    }
}
