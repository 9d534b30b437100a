package dev.vipd.director.config;

import java.util.List;
import java.util.Optional;

/**
 * What became of a configuration file.
 *
 * @param config   empty when any finding is an error
 * @param findings all errors and warnings, sorted by position
 */
public record ConfigResult(Optional<VipdConfig> config, List<Finding> findings) {
    public ConfigResult {
        findings = List.copyOf(findings);
    }

    public long errors() {
        return findings.stream().filter(Finding::isError).count();
    }

    public long warnings() {
        return findings.size() - errors();
    }
}
