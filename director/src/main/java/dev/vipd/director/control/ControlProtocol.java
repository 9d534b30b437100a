package dev.vipd.director.control;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What goes over the control socket: the client sends one line, the command; the server answers with a line {@code ok}
 * or {@code error}, then text up to the end of the stream.
 */
final class ControlProtocol {
    static final int REQUEST_BYTES_MAX = 4096;
    static final int RESPONSE_BYTES_MAX = 64 * 1024 * 1024;

    private ControlProtocol() {}

    static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer out = StandardCharsets.UTF_8.encode(text);
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /**
     * Reads up to the first newline, which is left out.
     *
     * @return empty when the line is too long
     * @throws EOFException when the other side ends before that
     */
    static Optional<String> readLine(SocketChannel channel) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(REQUEST_BYTES_MAX);
        while (in.hasRemaining() && channel.read(in) >= 0) {
            for (int i = 0; i < in.position(); i++) {
                if (in.get(i) == '\n') {
                    return Optional.of(new String(in.array(), 0, i, StandardCharsets.UTF_8));
                }
            }
        }
        if (!in.hasRemaining()) {
            return Optional.empty();
        }
        throw new EOFException("no whole line");
    }

    /** Reads to the end of the stream: the kernel drops an answer when what came before it was not read. */
    static void discardRest(SocketChannel channel) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(REQUEST_BYTES_MAX);
        while (channel.read(in) >= 0) {
            in.clear();
        }
    }

    static String readAll(SocketChannel channel) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(64 * 1024);
        while (channel.read(in) >= 0) {
            if (!in.hasRemaining()) {
                if (in.capacity() >= RESPONSE_BYTES_MAX) {
                    throw new IOException("the answer is longer than " + RESPONSE_BYTES_MAX + " bytes");
                }
                in = ByteBuffer.allocate(in.capacity() * 2).put(in.flip());
            }
        }
        return new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
    }
}
