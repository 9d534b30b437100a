package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.HealthState;
import java.util.List;
import java.util.Optional;

/**
 * One real server as it was when the status was taken.
 *
 * @param sinceNs since when the state is what it is, on the clock of the {@link HealthChecker}
 * @param reason  why it is DOWN; empty when it is UP
 * @param checks  in the order of the configuration
 */
public record ServerStatus(
        String id, HealthState state, long sinceNs, Optional<String> reason, List<CheckStatus> checks) {
    public ServerStatus {
        checks = List.copyOf(checks);
    }
}
