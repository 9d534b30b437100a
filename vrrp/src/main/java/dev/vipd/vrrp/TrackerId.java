package dev.vipd.vrrp;

/**
 * One tracker; several instances can follow it.
 *
 * @param name its key in the configuration; of an interface or a service, its name
 */
public record TrackerId(Kind kind, String name) {

    /** What is watched. */
    public enum Kind {
        SCRIPT("script"),
        INTERFACE("interface"),
        PROCESS("process"),
        FILE("file"),
        PING("ping"),
        SERVICE("service");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** The value of {@code kind=} in {@code track.up} and {@code track.down}. */
        public String wireName() {
            return wireName;
        }
    }

    public static TrackerId script(String name) {
        return new TrackerId(Kind.SCRIPT, name);
    }

    public static TrackerId networkInterface(String name) {
        return new TrackerId(Kind.INTERFACE, name);
    }

    /** As logged: {@code script:chk_haproxy}. */
    @Override
    public String toString() {
        return kind.wireName + ":" + name;
    }
}
