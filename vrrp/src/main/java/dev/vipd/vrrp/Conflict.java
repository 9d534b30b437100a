package dev.vipd.vrrp;

import dev.vipd.vrrp.wire.AdvertRejection;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Another master of this virtual router, or what looks like one that can't be heard as one: a state that lasts until
 * it resigns or falls silent.
 *
 * @param kind     what is the matter
 * @param peer     where its adverts come from; empty when they are too short to tell
 * @param priority in its last advert; empty when that could not be read
 * @param sinceNs  when it was first heard
 * @param detail   for people
 */
public record Conflict(Kind kind, Optional<InetAddress> peer, OptionalInt priority, long sinceNs, String detail) {

    /** What is the matter. All but the first three keep a master from being heard as one. */
    public enum Kind {
        /** While MASTER: another master, which has to yield. */
        MASTER("master"),
        /** While MASTER: another router has priority 255 as well. */
        OWNER("owner"),
        /** An accepted advert whose VIPs are not those configured here. */
        ADDRESS_LIST("address_list"),
        /** While MASTER: the own priority from the own address. */
        OWN_ADDRESS("own_address"),
        /** Another VRID for the same VIPs. */
        VRID("vrid"),
        VERSION("version"),
        TTL("ttl"),
        CHECKSUM("checksum"),
        AUTHENTICATION("authentication"),
        /** Version 2: another advert interval. */
        INTERVAL("interval"),
        /** Multicast to a unicast instance, or the reverse. */
        CAST("cast"),
        /** Unicast from a router that is no configured peer. */
        UNKNOWN_PEER("unknown_peer"),
        /** Of this VRID, but not an advert that can be read. */
        MALFORMED("malformed");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** Name in the log and in {@code status}. */
        public String wireName() {
            return wireName;
        }

        /** What adverts that are discarded for this hide. */
        static Kind hiddenBy(AdvertRejection rejection) {
            return switch (rejection) {
                case VRID -> VRID;
                case TTL -> TTL;
                case VERSION -> VERSION;
                case CHECKSUM -> CHECKSUM;
                case AUTH_TYPE_INVALID, AUTH_TYPE_MISMATCH, AUTH_FAILURE -> AUTHENTICATION;
                case INTERVAL -> INTERVAL;
                case CAST -> CAST;
                case UNKNOWN_PEER -> UNKNOWN_PEER;
                case ADDRESS_LIST -> ADDRESS_LIST;
                case OWN_ADDRESS -> OWN_ADDRESS;
                case IP_HEADER, TRUNCATED, TYPE, LENGTH, ADDRESS_COUNT -> MALFORMED;
            };
        }
    }
}
