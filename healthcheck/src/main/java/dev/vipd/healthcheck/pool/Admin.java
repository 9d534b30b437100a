package dev.vipd.healthcheck.pool;

import java.util.OptionalInt;

/**
 * What an operator wants of one member, kept apart from its health: its checks go on meanwhile.
 *
 * @param mode   whether it may get traffic
 * @param weight instead of the configured weight and of one that a check advises; empty: those hold
 */
public record Admin(Mode mode, OptionalInt weight) {
    /** Nothing is asked. */
    public static final Admin ENABLED = new Admin(Mode.ENABLED, OptionalInt.empty());
    /** Weight 0, so that its connections can end. */
    public static final Admin DRAIN = new Admin(Mode.DRAIN, OptionalInt.empty());
    /** That has come to its end: out of the table. */
    public static final Admin DRAINED = new Admin(Mode.DRAINED, OptionalInt.empty());
    /** Out of the table. */
    public static final Admin DISABLED = new Admin(Mode.DISABLED, OptionalInt.empty());

    /** Whether a member may get traffic, for its operator. */
    public enum Mode {
        ENABLED,
        DRAIN,
        DRAINED,
        DISABLED
    }

    /** @throws IllegalArgumentException when the weight is negative */
    public Admin {
        if (weight.orElse(0) < 0) {
            throw new IllegalArgumentException("negative weight: " + weight.getAsInt());
        }
    }

    /** The same in this mode. */
    public Admin withMode(Mode newMode) {
        return new Admin(newMode, weight);
    }

    /** The same with this weight. */
    public Admin withWeight(int newWeight) {
        return new Admin(mode, OptionalInt.of(newWeight));
    }
}
