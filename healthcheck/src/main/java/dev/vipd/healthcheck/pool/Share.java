package dev.vipd.healthcheck.pool;

/**
 * A member's place in the table.
 *
 * @param weight  0..2^31-1; 0 takes no new connections, and is what an absent member has
 * @param present whether it is in the table
 */
public record Share(int weight, boolean present) {
    /** Not in the table. */
    public static final Share ABSENT = new Share(0, false);
    /** In the table without new connections. */
    public static final Share IDLE = new Share(0, true);

    static Share of(int weight) {
        return new Share(weight, true);
    }
}
