package dev.vipd.vrrp.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Captured frames: hex with {@code #} comments, each from the Ethernet header on. */
final class Vectors {
    private static final int ETHERNET_HEADER = 14;

    private Vectors() {}

    static byte[] frame(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name + ".hex")) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a raw socket gives of the frame. */
    static byte[] packet(String name) {
        byte[] frame = frame(name);
        return Arrays.copyOfRange(frame, ETHERNET_HEADER, frame.length);
    }
}
