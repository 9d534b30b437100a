package dev.vipd.vrrp.wire;

import dev.vipd.vrrp.ChecksumForm;
import java.net.InetAddress;
import java.util.Optional;

/** What the bytes of one received packet are. */
public sealed interface DecodeResult {

    /**
     * A well-formed advert; whether it fits the virtual router is for that to say.
     *
     * @param ttl          TTL or hop limit
     * @param checksumForm the form that its checksum is right in; always {@link ChecksumForm#MESSAGE_ONLY} in version
     *                     2, {@link ChecksumForm#PSEUDO_HEADER} over IPv6
     * @param seal         its authentication header, not yet checked
     */
    record Decoded(
            Advertisement advert,
            InetAddress source,
            InetAddress destination,
            int ttl,
            ChecksumForm checksumForm,
            Optional<AuthenticationHeader> seal)
            implements DecodeResult {}

    /**
     * Anything else.
     *
     * @param kind            the first check that failed
     * @param virtualRouterId VRID in the packet, 0..255, or {@link #UNKNOWN} when it is too short
     * @param version         version in the packet, 0..15, or {@link #UNKNOWN}
     * @param source          source in the IP header, when it is there
     * @param detail          the value found, for people
     */
    record Rejected(
            AdvertRejection kind, int virtualRouterId, int version, Optional<InetAddress> source, String detail)
            implements DecodeResult {

        /** The packet does not reach as far as this field. */
        public static final int UNKNOWN = -1;
    }
}
