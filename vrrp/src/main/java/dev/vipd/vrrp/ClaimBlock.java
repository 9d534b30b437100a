package dev.vipd.vrrp;

/**
 * One thing that a backup waits for before it becomes master, although no master is heard.
 *
 * @param name which one; may be empty
 */
public record ClaimBlock(Kind kind, String name) {
    static final ClaimBlock STARTUP = new ClaimBlock(Kind.STARTUP_DELAY, "");

    /** Sort of thing. */
    public enum Kind {
        /** Another member of its sync group can't be master yet. */
        SYNC_GROUP("sync_group"),
        /** A tracker of {@code claim_requires} is not up. */
        TRACKER("tracker"),
        /** {@code startup_delay} is not over. */
        STARTUP_DELAY("startup_delay");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** As shown: {@code tracker:ping:gw}. */
    @Override
    public String toString() {
        return name.isEmpty() ? kind.wireName : kind.wireName + ":" + name;
    }
}
