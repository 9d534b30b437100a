package dev.vipd.healthcheck.pool;

/** What a member is, in one word. Of several that are true it is the one that is listed first. */
public enum MemberState {
    /** Taken out by an operator: not in the table. */
    DISABLED,
    /** Drained by an operator, and that has come to its end: not in the table. */
    DRAINED,
    /** Taken out by its own word, {@code maintenance}: not in the table, whatever its other checks say. */
    MAINT,
    /** An operator, or the member itself while it is up or kept, wants no new connections: weight 0. */
    DRAIN,
    /** Its checks failed: not in the table, or with {@code inhibit_on_failure} with weight 0. */
    DOWN,
    /** Its checks failed, but the pool is in panic: it has the weight that it had. */
    KEPT,
    /** Its checks passed. */
    UP;

    /** Whether it may get traffic. */
    boolean serves() {
        return switch (this) {
            case UP, KEPT -> true;
            case DISABLED, DRAINED, MAINT, DRAIN, DOWN -> false;
        };
    }
}
