package dev.vipd.vrrp.wire;

/**
 * Why a received packet is discarded: one constant per check, in the order of the checks (RFC 9568 and RFC 3768, 7.1).
 * The codec finds what the packet alone shows, the virtual router what depends on its configuration.
 */
public enum AdvertRejection {
    /** Not an unfragmented packet of protocol 112, or of 51 (authentication header) with one inside. */
    IP_HEADER("ip_header", "ip_header_errors"),
    /** Shorter than its headers say, or than any VRRP message. */
    TRUNCATED("truncated", "packet_length_errors"),
    /** VRID 0, or not this virtual router's. */
    VRID("vrid", "vrid_errors"),
    /** Multicast with a TTL or hop limit other than 255, unicast with one that the peer's bounds exclude. */
    TTL("ttl", "ip_ttl_errors"),
    /** Neither 2 (over IPv4) nor 3, or not the configured version. */
    VERSION("version", "version_errors"),
    /** Type other than 1, ADVERTISEMENT. */
    TYPE("type", "invalid_type_pkts_rcvd"),
    /** Shorter than its address count needs. */
    LENGTH("length", "packet_length_errors"),
    /** Address count 0 (erratum 8299). */
    ADDRESS_COUNT("address_count", "packet_length_errors"),
    /** Checksum wrong in every form that the version has. */
    CHECKSUM("checksum", "checksum_errors"),
    /** Version 2: authentication type beyond 2; version 3: an authentication header. */
    AUTH_TYPE_INVALID("auth_type_invalid", "invalid_auth_type_errors"),
    /** Version 2: authentication type other than the configured one. */
    AUTH_TYPE_MISMATCH("auth_type_mismatch", "auth_type_mismatch_errors"),
    /** Version 2: wrong password, or an authentication header that does not prove the sender or was seen before. */
    AUTH_FAILURE("auth_failure", "auth_failure_errors"),
    /** Advert interval 0 (erratum 8301); version 2: other than the configured one. */
    INTERVAL("interval", "interval_errors"),
    /**
     * Multicast to an instance with unicast peers, or unicast to one without; seen only where another instance of the
     * interface has the socket for it.
     */
    CAST("cast", "cast_errors"),
    /** Unicast from an address that is not a configured peer. */
    UNKNOWN_PEER("unknown_peer", "unknown_peer_errors"),
    /** In strict mode: the first IPv6 address is not link-local; version 2: another list, not from the owner. */
    ADDRESS_LIST("address_list", "address_list_errors"),
    /** A master hears its own priority from its own address: its own packet, or a duplicate address. */
    OWN_ADDRESS("own_address", "own_address_errors");

    private final String wireName;
    private final String counterName;

    AdvertRejection(String wireName, String counterName) {
        this.wireName = wireName;
        this.counterName = counterName;
    }

    /** The value of {@code why=} in {@code vrrp.rejected}. */
    public String wireName() {
        return wireName;
    }

    /** Name of the counter, after the leaves of RFC 8347 where it has one; some reasons share one. */
    public String counterName() {
        return counterName;
    }
}
