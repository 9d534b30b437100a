package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckConfig;
import java.util.List;

/**
 * One real server and what must pass for it to be UP.
 *
 * @param id     unique among the servers of a {@link HealthChecker}; comes back in every report about the server
 * @param checks all must pass; without any, the server is UP
 */
public record ServerChecks(String id, List<CheckConfig> checks) {
    public ServerChecks {
        checks = List.copyOf(checks);
    }
}
