package dev.vipd.ipvs;

import java.util.Locale;

/**
 * What one row of the kernel's table is to us.
 *
 * @param kind   in one word
 * @param detail what is to be said besides; often nothing
 */
public record Judgement(Kind kind, String detail) {
    /** All that a row can be. */
    public enum Kind {
        /** As it must be. */
        OURS,
        /** Of a service that is not in the configuration: left alone. */
        FOREIGN,
        /** It shall get no new connections, and has some left. */
        DRAINING,
        /** It shall get no new connections, and has none left. */
        DRAINED,
        /** A service with the scheduler that it has while the kernel lacks the wanted one. */
        FALLBACK,
        /** In the kernel, and not as it must be. The next sync makes it so. */
        DRIFTED,
        /** Not in the kernel, and must be. */
        MISSING,
        /** Nobody was there to judge. */
        UNKNOWN
    }

    static Judgement of(Kind kind) {
        return new Judgement(kind, "");
    }

    static Judgement drifted(String found, String want) {
        return new Judgement(Kind.DRIFTED, "found " + found + ", want " + want);
    }

    static Judgement fallback(String wanted) {
        return new Judgement(Kind.FALLBACK, "the kernel has no " + wanted);
    }

    /** For programs: {@code drifted}. */
    public String word() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** For people: {@code drifted: found DR weight=1, want DR weight=2}. */
    public String text() {
        String word = kind == Kind.FALLBACK ? "fallback scheduler" : word();
        return detail.isEmpty() ? word : word + ": " + detail;
    }
}
