package dev.vipd.vrrp.wire;

import dev.vipd.vrrp.ChecksumForm;
import java.util.Optional;

/**
 * What goes around an advert.
 *
 * @param identification of the IPv4 header: lower 16 bits are used; the kernel replaces a 0
 * @param ttl            TTL or hop limit, 0..255
 * @param checksum       what the checksum covers in version 3 over IPv4
 * @param seal           version 2: key and number of an authentication header
 */
public record Framing(int identification, int ttl, ChecksumForm checksum, Optional<AuthenticationHeader.Seal> seal) {

    /** As multicast has it (RFC 9568, 5.1.1.3), without authentication header. */
    public static Framing of(int identification, ChecksumForm checksum) {
        return new Framing(identification, AdvertCodec.TTL, checksum, Optional.empty());
    }
}
