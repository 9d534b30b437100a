package dev.vipd.netlink;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Captured bytes: text files of hex, {@code #} begins a comment. */
public final class Vectors {
    private Vectors() {}

    /** The bytes of {@code /vectors/NAME.hex} on the class path. */
    public static byte[] load(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name + ".hex")) {
            if (in == null) {
                throw new IllegalArgumentException("no vector " + name);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first message of a vector. */
    public static NlMessage message(String name) {
        return NlMessage.decodeAll(load(name)).getFirst();
    }
}
