package dev.vipd.director.sim;

import java.util.function.Supplier;

/** A rule that must always hold does not. */
final class Broken extends AssertionError {
    private static final long serialVersionUID = 1;

    private Broken(String text) {
        super(text);
    }

    /**
     * @param rule   what must be so; the same for every breach of it
     * @param detail where and how it is not
     */
    static void unless(boolean holds, String rule, Supplier<String> detail) {
        if (!holds) {
            throw new Broken(rule + ": " + detail.get());
        }
    }
}
