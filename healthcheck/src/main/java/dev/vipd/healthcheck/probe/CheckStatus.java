package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HealthState;
import java.util.Optional;

/**
 * One check as it was when the status was taken.
 *
 * @param sinceNs             since when the state is what it is, on the clock of the {@link HealthChecker}
 * @param last                how the last probe ended, its duration inside; empty before the first
 * @param consecutivePasses   passed checks since the last failed one
 * @param consecutiveFailures failed checks since the last passed one
 */
public record CheckStatus(
        CheckConfig check,
        HealthState state,
        long sinceNs,
        Optional<CheckOutcome> last,
        long consecutivePasses,
        long consecutiveFailures) {}
