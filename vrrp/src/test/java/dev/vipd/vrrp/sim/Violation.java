package dev.vipd.vrrp.sim;

import java.util.function.Supplier;

/** Something that must never be so. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;
    private final String rule;

    /**
     * @param rule   which rule was broken; the same for every breach of it
     * @param detail by whom and how
     */
    Violation(String rule, String detail) {
        super(rule + ": " + detail);
        this.rule = rule;
    }

    String rule() {
        return rule;
    }

    static void require(boolean holds, String rule, Supplier<String> detail) {
        if (!holds) {
            throw new Violation(rule, detail.get());
        }
    }
}
