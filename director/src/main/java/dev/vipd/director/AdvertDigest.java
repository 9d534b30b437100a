package dev.vipd.director;

import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.Advertisement;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A short name of an advert that its sender and its receivers compute alike, to pair their log lines. */
final class AdvertDigest {
    private static final int BYTES = 4;

    private AdvertDigest() {}

    /** First 8 hex digits of SHA-256 over the sender's address and the message with RFC 9568's checksum. */
    static String of(Advertisement advert, InetAddress source) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(source.getAddress());
            // the message alone: a unicast advert has another pseudo-header, so another checksum, for each peer
            digest.update(AdvertCodec.encodeMessage(advert, source, AdvertCodec.GROUP, ChecksumForm.MESSAGE_ONLY));
            return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
