package dev.vipd.director;

import java.util.Optional;

/** Drains in words. */
final class DrainText {
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private DrainText() {}

    /** {@code 12 connections left, out in 4m20s at the latest}; what is not known is left out. */
    static String left(Drains.Progress drain, long nowNs) {
        String left = drain.left().isEmpty() ? "" : connections(drain.left().getAsLong()) + " left";
        String atLatest = drain.deadlineNs().isEmpty()
                ? ""
                : "out in " + span(Math.max(0, drain.deadlineNs().getAsLong() - nowNs)) + " at the latest";
        return left + (left.isEmpty() || atLatest.isEmpty() ? "" : ", ") + atLatest;
    }

    static String connections(long number) {
        return number + (number == 1 ? " connection" : " connections");
    }

    /** Whole seconds, a begun one counted: {@code 4m20s}, {@code 1h5m}, {@code 0s}. */
    static String span(long ns) {
        long seconds = ns / NS_PER_SECOND + (ns % NS_PER_SECOND == 0 ? 0 : 1);
        String text = unit(seconds / 3600, "h") + unit(seconds / 60 % 60, "m") + unit(seconds % 60, "s");
        return text.isEmpty() ? "0s" : text;
    }

    private static String unit(long number, String name) {
        return number == 0 ? "" : number + name;
    }

    /** {@code real server 192.0.2.11:80 of web is drained: no connections left after 12s}. */
    static String ended(Drains.Ended end, Optional<String> notKept) {
        String how = switch (end.why()) {
            case NO_CONNECTIONS -> "no connections left";
            case DRAIN_TIMEOUT -> "drain_timeout is over, " + (end.left() == 0
                    ? "nothing is lost"
                    : connections(end.left()) + " lost");
        };
        return "real server " + end.server() + " is drained" + (end.leaving() ? " and gone" : "") + ": " + how
                + " after " + span(end.tookNs() / NS_PER_SECOND * NS_PER_SECOND)
                + notKept.map(why -> "; but " + why + ", or the next start drains it once more").orElse("");
    }
}
