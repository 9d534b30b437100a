package dev.vipd.healthcheck;

import java.util.Objects;

/**
 * One check: what is asked of whom, and how the answers are judged. Checks that are equal are made once, however many
 * real servers list them. Not a record, since it is the key of many maps: its hash is made once.
 */
public final class CheckConfig {
    private final ProbeConfig probe;
    private final CheckTiming timing;
    private final int hash;

    public CheckConfig(ProbeConfig probe, CheckTiming timing) {
        this.probe = probe;
        this.timing = timing;
        this.hash = Objects.hash(probe, timing);
    }

    /** What is asked of whom. */
    public ProbeConfig probe() {
        return probe;
    }

    /** When, and how the answers are judged. */
    public CheckTiming timing() {
        return timing;
    }

    /** Name of the kind as in the configuration: {@code tcp}, {@code http}. */
    public String kind() {
        return probe.kind();
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof CheckConfig check
                        && hash == check.hash
                        && probe.equals(check.probe)
                        && timing.equals(check.timing);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return "CheckConfig[probe=" + probe + ", timing=" + timing + "]";
    }
}
