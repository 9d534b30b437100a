package dev.vipd.healthcheck.dialogue;

import dev.vipd.healthcheck.ProbeConfig;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What a udp check sends, and what it makes of what comes back. */
public final class UdpReply {
    private UdpReply() {}

    /** What is wrong with payload or reply as they are configured, for people; empty if nothing is. */
    public static Optional<String> problem(ProbeConfig.Udp udp) {
        return hexProblem("payload", udp.payload(), "")
                .or(() -> hexProblem("require_reply", udp.reply(), "xX"))
                .or(() -> udp.minReply() > udp.maxReply()
                        ? Optional.of("min_reply_length is above max_reply_length")
                        : Optional.empty());
    }

    private static Optional<String> hexProblem(String key, String hex, String alsoAllowed) {
        for (int i = 0; i < hex.length(); i++) {
            if (digit(hex.charAt(i)) < 0 && alsoAllowed.indexOf(hex.charAt(i)) < 0) {
                return Optional.of(key + ": no hexadecimal digit at index " + i);
            }
        }
        return hex.length() % 2 == 0
                ? Optional.empty()
                : Optional.of(key + ": an odd number of digits, each byte has two");
    }

    /** The datagram to send; the half of a byte at the end, and what is no digit, is 0. */
    public static byte[] payload(ProbeConfig.Udp udp) {
        String hex = udp.payload();
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = Math.max(0, digit(hex.charAt(2 * i)));
            int low = Math.max(0, digit(hex.charAt(2 * i + 1)));
            bytes[i] = (byte) (high << 4 | low);
        }
        return bytes;
    }

    /** Judges a datagram that came back, which is taken as a whole: passed, or failed with the reason. */
    public static Step judge(ProbeConfig.Udp udp, ByteBuffer datagram) {
        int length = datagram.remaining();
        int at = datagram.position();
        datagram.position(datagram.limit());
        if (length < udp.minReply()) {
            return new Step.Failed("reply shorter than " + udp.minReply() + " bytes");
        }
        if (length > udp.maxReply()) {
            return new Step.Failed("reply longer than " + udp.maxReply() + " bytes");
        }
        String wanted = udp.reply();
        boolean same = wanted.length() <= 2 * length;
        for (int i = 0; same && i < wanted.length(); i++) {
            int digit = digit(wanted.charAt(i));
            int is = datagram.get(at + i / 2) >> (i % 2 == 0 ? 4 : 0) & 0xf;
            same = digit < 0 || digit == is; // an x stands for any
        }
        return same ? Step.PASSED : new Step.Failed("reply did not match");
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}
