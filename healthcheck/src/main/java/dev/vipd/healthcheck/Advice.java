package dev.vipd.healthcheck;

/**
 * What a passed check says about the traffic its server wants: a script's exit status, a file's number, an agent's
 * word.
 *
 * @param kind    what {@code value} is
 * @param value   the weight, or the percentage; else 0
 */
public record Advice(Kind kind, int value) {
    /** Nothing: the configured weight holds. */
    public static final Advice NONE = new Advice(Kind.NONE, 0);
    /** No new connections. */
    public static final Advice DRAIN = new Advice(Kind.DRAIN, 0);
    /** Out of service. */
    public static final Advice MAINTENANCE = new Advice(Kind.MAINTENANCE, 0);

    /** What an advice can be. */
    public enum Kind {
        NONE,
        /** This weight instead of the configured one. */
        WEIGHT,
        /** This many hundredths of the configured weight, 0..100 and above. */
        PERCENT,
        DRAIN,
        MAINTENANCE
    }

    public static Advice weight(int weight) {
        return new Advice(Kind.WEIGHT, weight);
    }

    public static Advice percent(int percent) {
        return new Advice(Kind.PERCENT, percent);
    }

    /** For people: {@code weight 5}, {@code 75%}, {@code drain}, {@code maintenance}; empty for nothing. */
    public String text() {
        return switch (kind) {
            case NONE -> "";
            case WEIGHT -> "weight " + value;
            case PERCENT -> value + "%";
            case DRAIN -> "drain";
            case MAINTENANCE -> "maintenance";
        };
    }
}
