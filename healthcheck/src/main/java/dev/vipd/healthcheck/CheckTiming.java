package dev.vipd.healthcheck;

/**
 * When a check probes and how results become a state. A probe that fails is repeated up to {@code retry} times,
 * {@code delayBeforeRetryNs} apart; only when all of them fail has the check failed once. {@code fall} failed checks in
 * a row make it down, {@code rise} passed checks in a row make it up.
 *
 * @param delayLoopNs        {@code delay_loop}: from one check to the next
 * @param connectTimeoutNs   {@code connect_timeout}: limit for the whole probe, to the last byte that is needed
 * @param retry              further probes before a check has failed, 0 or more
 * @param delayBeforeRetryNs pause before such a further probe
 * @param rise               passed checks in a row to go up, 1 or more
 * @param fall               failed checks in a row to go down, 1 or more
 * @param warmupNs           the first probe starts at a random time within this
 * @param alpha              down until {@code rise} checks passed; else (keepalived's default) up until it fails
 */
public record CheckTiming(
        long delayLoopNs,
        long connectTimeoutNs,
        int retry,
        long delayBeforeRetryNs,
        int rise,
        int fall,
        long warmupNs,
        boolean alpha) {}
