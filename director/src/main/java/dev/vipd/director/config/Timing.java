package dev.vipd.director.config;

import dev.vipd.healthcheck.CheckTiming;
import java.util.Optional;

/**
 * The timing keys of checks. They may stand at a virtual server, a real server or a check; the innermost one holds.
 *
 * <p>Defaults are keepalived's but for one: {@code connect_timeout} 5 s, {@code retry} 1, {@code delay_before_retry}
 * 1 s for tcp and 3 s for http, {@code rise} and {@code fall} 1, {@code warmup} as long as {@code delay_loop}, and
 * {@code alpha} false. {@code delay_loop} is 5 s where keepalived has 60 s: a dead server would get traffic for up to a
 * minute, and a connection every few seconds costs nobody anything.
 */
record Timing(
        Optional<Long> delayLoopNs,
        Optional<Long> connectTimeoutNs,
        Optional<Integer> retry,
        Optional<Long> delayBeforeRetryNs,
        Optional<Integer> rise,
        Optional<Integer> fall,
        Optional<Long> warmupNs,
        Optional<Boolean> alpha) {
    static final long DEFAULT_DELAY_LOOP_NS = 5 * Durations.SECOND;
    static final long DEFAULT_CONNECT_TIMEOUT_NS = 5 * Durations.SECOND;
    static final long TCP_DELAY_BEFORE_RETRY_NS = Durations.SECOND;
    static final long HTTP_DELAY_BEFORE_RETRY_NS = 3 * Durations.SECOND;

    static final Timing NONE = new Timing(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final long DAY_NS = 24 * Durations.HOUR;
    private static final int RETRY_MAX = 1000;

    /** What holds inside {@code b}: its own keys, else those from outside. */
    Timing within(Block b) {
        return new Timing(
                b.duration("delay_loop", 10 * Durations.MS, DAY_NS).or(this::delayLoopNs),
                b.duration("connect_timeout", Durations.MS, Durations.HOUR).or(this::connectTimeoutNs),
                b.integer("retry", 0, RETRY_MAX).or(this::retry),
                b.duration("delay_before_retry", 0, DAY_NS).or(this::delayBeforeRetryNs),
                b.integer("rise", 1, Integer.MAX_VALUE).or(this::rise),
                b.integer("fall", 1, Integer.MAX_VALUE).or(this::fall),
                b.duration("warmup", 0, DAY_NS).or(this::warmupNs),
                b.bool("alpha").or(this::alpha));
    }

    CheckTiming resolve(long defaultDelayBeforeRetryNs) {
        long delayLoop = delayLoopNs.orElse(DEFAULT_DELAY_LOOP_NS);
        return new CheckTiming(
                delayLoop,
                connectTimeoutNs.orElse(DEFAULT_CONNECT_TIMEOUT_NS),
                retry.orElse(1),
                delayBeforeRetryNs.orElse(defaultDelayBeforeRetryNs),
                rise.orElse(1),
                fall.orElse(1),
                warmupNs.orElse(delayLoop),
                alpha.orElse(false));
    }
}
