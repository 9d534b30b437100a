package dev.vipd.vrrp;

/**
 * One thing that keeps an instance in FAULT. An instance leaves FAULT when its set of them is empty.
 *
 * @param kind what sort of thing
 * @param name which one, for example {@code eth0}; may be empty
 */
public record FaultReason(Kind kind, String name) {
    /** An operator took the instance out. */
    public static final FaultReason MAINTENANCE = new FaultReason(Kind.MAINTENANCE, "");

    /** Sort of a fault. */
    public enum Kind {
        /** A tracked interface, or the instance's own, is not up and running. */
        INTERFACE("interface"),
        /** A tracked script with weight 0 is down. */
        SCRIPT("script"),
        /** A tracked script with weight 0 has no result yet. */
        SCRIPT_INIT("script_init"),
        /** There is no address to send adverts from; raised and cleared by the virtual router itself. */
        SOURCE_ADDRESS("source_address"),
        /** The packet sockets could not be opened. */
        SOCKET("socket"),
        /** A tracked process, file, ping or service with weight 0 is down. */
        PROCESS("process"),
        FILE("file"),
        PING("ping"),
        SERVICE("service"),
        /** Another member of its sync group is in FAULT. */
        SYNC_GROUP("sync_group"),
        /** A VIP, route or rule keeps vanishing. */
        HOLDING("holding"),
        /** An operator took the instance out. */
        MAINTENANCE("maintenance");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** As logged: {@code interface:eth0}, {@code source_address}. */
    @Override
    public String toString() {
        return name.isEmpty() ? kind.wireName : kind.wireName + ":" + name;
    }
}
