package dev.vipd.healthcheck;

/**
 * When a check probes and how results become a state. A probe that fails is repeated up to {@code retry} times,
 * {@code delayBeforeRetryNs} apart; only when all of them fail has the check failed once. {@code fall} failed checks in
 * a row make it down, {@code rise} passed checks in a row make it up.
 *
 * @param delayLoopNs        {@code delay_loop}: from one check to the next
 * @param fastIntervalNs     {@code fast_interval}: instead of {@code delay_loop} while in doubt, that is while the last
 *                           check says otherwise than the state; 0: no such thing
 * @param connectTimeoutNs   {@code connect_timeout}: limit until the connection is established
 * @param timeoutNs          {@code timeout}: limit for the whole probe, to the last byte that is needed
 * @param retry              further probes before a check has failed, 0 or more
 * @param delayBeforeRetryNs pause before such a further probe
 * @param rise               passed checks in a row to go up, 1 or more
 * @param fall               failed checks in a row to go down, 1 or more
 * @param warmupNs           the first probe starts at a random time within this
 * @param alpha              down until {@code rise} checks passed; else (keepalived's default) up until it fails
 * @param holdDownNs         {@code hold_down}: a flapper stays down so long, and twice as long each time it flaps
 *                           again; 0: no hold-down
 * @param holdDownNsMax      {@code hold_down_max}: longest hold-down; one that was up for so long flaps no more
 */
public record CheckTiming(
        long delayLoopNs,
        long fastIntervalNs,
        long connectTimeoutNs,
        long timeoutNs,
        int retry,
        long delayBeforeRetryNs,
        int rise,
        int fall,
        long warmupNs,
        boolean alpha,
        long holdDownNs,
        long holdDownNsMax) {

    /** Without fast interval and hold-down, and one limit for connect and all. */
    public CheckTiming(
            long delayLoopNs,
            long timeoutNs,
            int retry,
            long delayBeforeRetryNs,
            int rise,
            int fall,
            long warmupNs,
            boolean alpha) {
        this(delayLoopNs, 0, timeoutNs, timeoutNs, retry, delayBeforeRetryNs, rise, fall, warmupNs, alpha, 0, 0);
    }
}
