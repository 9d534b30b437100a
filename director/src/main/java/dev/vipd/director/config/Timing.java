package dev.vipd.director.config;

import dev.vipd.healthcheck.CheckTiming;
import java.util.List;
import java.util.Optional;

/**
 * The timing keys of checks. They may stand at a virtual server, a real server or a check; the innermost one holds.
 *
 * <p>Defaults are keepalived's but for one: {@code connect_timeout} 5 s, {@code retry} 1 (dns 3, script 0),
 * {@code delay_before_retry} 1 s (http 3 s, dns as long as {@code delay_loop}), {@code rise} and {@code fall} 1,
 * {@code warmup} as long as {@code delay_loop}, and {@code alpha} false; a script has as long as {@code delay_loop}.
 * {@code delay_loop} is 5 s where keepalived has 60 s: a dead server would get traffic for up to a minute, and a
 * connection every few seconds costs nobody anything. Of what keepalived does not have, {@code timeout} is as long as
 * {@code connect_timeout}, {@code fast_interval} and {@code hold_down} are off, and {@code hold_down_max} is 16 times
 * {@code hold_down}.
 */
record Timing(
        Optional<Long> delayLoopNs,
        Optional<Long> fastIntervalNs,
        Optional<Long> connectTimeoutNs,
        Optional<Long> timeoutNs,
        Optional<Integer> retry,
        Optional<Long> delayBeforeRetryNs,
        Optional<Integer> rise,
        Optional<Integer> fall,
        Optional<Long> warmupNs,
        Optional<Boolean> alpha,
        Optional<Long> holdDownNs,
        Optional<Long> holdDownNsMax) {
    static final Timing NONE = new Timing(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), Optional.empty());

    private static final List<String> KEYS = List.of("delay_loop", "fast_interval", "connect_timeout", "timeout",
            "retry", "delay_before_retry", "rise", "fall", "warmup", "alpha", "hold_down", "hold_down_max");
    private static final long DELAY_LOOP_NS = 5 * Durations.SECOND;
    private static final long CONNECT_TIMEOUT_NS = 5 * Durations.SECOND;
    private static final long DELAY_LOOP_NS_MIN = 10 * Durations.MS;
    private static final long DAY_NS = 24 * Durations.HOUR;
    private static final int RETRY_MAX = 1000;
    private static final int HOLD_DOWNS_MAX = 16;

    /**
     * What differs from kind to kind.
     *
     * @param delayBeforeRetryNs empty: as long as {@code delay_loop}
     * @param wholeLoop          whether {@code timeout} is as long as {@code delay_loop}
     */
    record Defaults(int retry, Optional<Long> delayBeforeRetryNs, boolean wholeLoop) {
        static final Defaults USUAL = new Defaults(1, Optional.of(Durations.SECOND), false);
        static final Defaults HTTP = new Defaults(1, Optional.of(3 * Durations.SECOND), false);
        static final Defaults DNS = new Defaults(3, Optional.empty(), false);
        static final Defaults SCRIPT = new Defaults(0, Optional.of(Durations.SECOND), true);
    }

    /** The keys of a block itself. */
    static Timing of(Block b) {
        if (!b.hasAny(KEYS)) {
            return NONE;
        }
        return new Timing(
                b.duration("delay_loop", DELAY_LOOP_NS_MIN, DAY_NS),
                b.durationOrOff("fast_interval", DELAY_LOOP_NS_MIN, DAY_NS),
                b.duration("connect_timeout", Durations.MS, Durations.HOUR),
                b.duration("timeout", Durations.MS, Durations.HOUR),
                b.integer("retry", 0, RETRY_MAX),
                b.duration("delay_before_retry", 0, DAY_NS),
                b.integer("rise", 1, Integer.MAX_VALUE),
                b.integer("fall", 1, Integer.MAX_VALUE),
                b.duration("warmup", 0, DAY_NS),
                b.bool("alpha"),
                b.durationOrOff("hold_down", Durations.SECOND, DAY_NS),
                b.duration("hold_down_max", Durations.SECOND, DAY_NS));
    }

    /** What holds inside {@code b}: its own keys, else those from outside. */
    Timing within(Block b) {
        Timing merged = of(b).over(this);
        merged.examine(b);
        return merged;
    }

    /** These, and where there is none those from outside. */
    Timing over(Timing outer) {
        if (this == NONE || outer == NONE) {
            return this == NONE ? outer : this;
        }
        return new Timing(
                delayLoopNs.or(outer::delayLoopNs),
                fastIntervalNs.or(outer::fastIntervalNs),
                connectTimeoutNs.or(outer::connectTimeoutNs),
                timeoutNs.or(outer::timeoutNs),
                retry.or(outer::retry),
                delayBeforeRetryNs.or(outer::delayBeforeRetryNs),
                rise.or(outer::rise),
                fall.or(outer::fall),
                warmupNs.or(outer::warmupNs),
                alpha.or(outer::alpha),
                holdDownNs.or(outer::holdDownNs),
                holdDownNsMax.or(outer::holdDownNsMax));
    }

    /** Reports keys of a block that don't go together, with one another or with those from outside. */
    void examine(Block b) {
        long delayLoop = delayLoopNs.orElse(DELAY_LOOP_NS);
        if (fastIntervalNs.filter(fast -> fast >= delayLoop).isPresent()) {
            b.given("fast_interval", "delay_loop").ifPresent(v -> v.warning("fast_interval is not shorter than"
                    + " delay_loop, " + Durations.format(delayLoop) + ", so it hurries nothing; give less"));
        }
        examineLimits(b, delayLoop);
        long holdDown = holdDownNs.orElse(0L);
        if (holdDownNsMax.filter(max -> max < holdDown).isPresent()) {
            b.given("hold_down_max", "hold_down").ifPresent(v -> v.error("hold_down_max is shorter than hold_down, "
                    + Durations.format(holdDown) + "; give at least that"));
        } else if (holdDown == 0 && (holdDownNs.isPresent() || !b.has("hold_down"))) {
            b.given("hold_down_max").ifPresent(v -> v.warning("has no effect without hold_down"));
        }
    }

    private void examineLimits(Block b, long delayLoop) {
        long limit = timeoutNs.or(() -> connectTimeoutNs).orElse(0L);
        if (delayLoopNs.isPresent() && limit > delayLoop) {
            b.given("timeout", "connect_timeout", "delay_loop").ifPresent(v -> v.warning("a probe may take "
                    + Durations.format(limit) + ", longer than delay_loop, " + Durations.format(delayLoop)
                    + ", and the next one waits for it, so a server that stops answering is found later; give a"
                    + " timeout of at most that"));
        }
        if (b.has("timeout") && b.has("connect_timeout") && connectTimeoutNs.orElse(0L) > limit) {
            b.given("connect_timeout").ifPresent(v -> v.warning("is longer than timeout, " + Durations.format(limit)
                    + ", which ends the probe before; give at most that"));
        }
        long probes = (retry.orElse(0) + 1L) * fall.orElse(1);
        if (retry.orElse(0) > 1 && fall.orElse(1) > 1) {
            b.given("fall", "retry").ifPresent(v -> v.warning("fall counts checks, and each is up to "
                    + (retry.get() + 1) + " probes by retry, so only " + probes + " that fail take a server out;"
                    + " where fall is meant to count probes, give retry: 0"));
        }
    }

    CheckTiming resolve(Defaults defaults) {
        long delayLoop = delayLoopNs.orElse(DELAY_LOOP_NS);
        long connectTimeout = connectTimeoutNs.orElse(CONNECT_TIMEOUT_NS);
        long holdDown = holdDownNs.orElse(0L);
        return new CheckTiming(
                delayLoop,
                fastIntervalNs.orElse(0L),
                connectTimeout,
                timeoutNs.orElse(defaults.wholeLoop() ? delayLoop : connectTimeout),
                retry.orElse(defaults.retry()),
                delayBeforeRetryNs.or(defaults::delayBeforeRetryNs).orElse(delayLoop),
                rise.orElse(1),
                fall.orElse(1),
                warmupNs.orElse(delayLoop),
                alpha.orElse(false),
                holdDown,
                holdDownNsMax.orElse(HOLD_DOWNS_MAX * holdDown));
    }
}
