package dev.vipd.vrrp.wire;

import dev.vipd.vrrp.ChecksumForm;
import java.net.InetAddress;
import java.util.Optional;

/** What the bytes of one received packet are. */
public sealed interface DecodeResult {

    /**
     * A well-formed advert; whether it fits the virtual router is for that to say.
     *
     * @param checksumForm the form that its checksum is right in; always {@link ChecksumForm#MESSAGE_ONLY} in version 2
     */
    record Decoded(
            Advertisement advert, InetAddress source, InetAddress destination, int ttl, ChecksumForm checksumForm)
            implements DecodeResult {}

    /**
     * Anything else.
     *
     * @param kind            the first check that failed
     * @param virtualRouterId VRID in the packet, 0..255, or {@link #UNKNOWN} when it is too short
     * @param version         version in the packet, 0..15, or {@link #UNKNOWN}
     * @param source          source in the IPv4 header, when it is there
     * @param detail          the value found, for people
     */
    record Rejected(
            AdvertRejection kind, int virtualRouterId, int version, Optional<InetAddress> source, String detail)
            implements DecodeResult {

        /** The packet does not reach as far as this field. */
        public static final int UNKNOWN = -1;
    }
}
