package dev.vipd.healthcheck;

/**
 * One check: what is asked of whom, and how the answers are judged. Checks that are equal are made once, however many
 * real servers list them.
 */
public record CheckConfig(ProbeConfig probe, CheckTiming timing) {
    /** Name of the kind as in the configuration: {@code tcp}, {@code http}. */
    public String kind() {
        return probe.kind();
    }
}
