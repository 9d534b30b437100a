package dev.vipd.vrrp;

/**
 * {@code authentication} of version 2 (RFC 2338, 5.3.6). It guards against mistakes, not against attackers.
 *
 * @param type     kind
 * @param password {@code auth_pass}: as on the wire, the first 8 bytes as a big-endian number, padded with zeros
 */
public record Authentication(Type type, long password) {

    /** Kind, with its number on the wire. */
    public enum Type {
        /** The password in clear. */
        PASS(1),
        /** IP authentication header with HMAC-MD5-96, as keepalived sends it. */
        AH(2);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    /** The password stays out of the log. */
    @Override
    public String toString() {
        return type.name();
    }
}
