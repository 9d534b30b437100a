package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HealthTransition;
import dev.vipd.healthcheck.ProbeStats;
import dev.vipd.healthcheck.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * One check as it was when the status was taken. Times are on System.nanoTime's clock.
 *
 * @param sinceNs             since when the state is what it is
 * @param last                how the last probe ended, its duration inside; empty before the first
 * @param lastAtNs            when it ended; 0 before the first
 * @param consecutivePasses   passed checks since the last failed one
 * @param consecutiveFailures failed checks since the last passed one
 * @param heldNs              how much longer it stays down for flapping; 0: not held down
 * @param history             the last transitions, the latest first
 * @param stats               all probes so far
 */
public record CheckStatus(
        CheckConfig check,
        Verdict verdict,
        long sinceNs,
        Optional<CheckOutcome> last,
        long lastAtNs,
        long consecutivePasses,
        long consecutiveFailures,
        long heldNs,
        List<HealthTransition> history,
        ProbeStats.Counts stats) {}
