package dev.vipd.director.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks the running daemon. Needs nothing but the JDK, so that the command line starts fast. */
public final class ControlClient {
    /**
     * An answer.
     *
     * @param ok   whether the command was carried out
     * @param text the result, or why not
     */
    public record Response(boolean ok, String text) {}

    /** No daemon answers on the socket; the message says what to do. */
    public static final class NotRunningException extends IOException {
        private static final long serialVersionUID = 1;

        NotRunningException(String message) {
            super(message);
        }
    }

    /** Longer than the daemon takes to answer, or to say that it is busy. */
    private static final long TIME_MAX_MS = 20_000;

    private ControlClient() {}

    /**
     * Asks, and waits up to 20 seconds for the whole answer.
     *
     * @throws NotRunningException when nobody listens
     */
    public static Response ask(Path socket, String command) throws IOException {
        return ask(socket, command, TIME_MAX_MS);
    }

    static Response ask(Path socket, String command, long timeMaxMs) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Thread limit = Thread.ofPlatform().daemon().name("limit").start(() -> closeAfter(timeMaxMs, channel));
            try {
                return ask(socket, command, channel);
            } catch (ClosedChannelException e) {
                throw new IOException(
                        "vipd does not answer on " + socket + " (is it stopped, or the machine overloaded?)", e);
            } finally {
                limit.interrupt();
            }
        }
    }

    /** A blocking read has no time limit of its own; a closed channel ends it. */
    private static void closeAfter(long ms, SocketChannel channel) {
        try {
            Thread.sleep(ms);
            channel.close();
        } catch (InterruptedException | IOException e) {
            // the answer has come
        }
    }

    private static Response ask(Path socket, String command, SocketChannel channel) throws IOException {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw explain(socket, e);
        }
        ControlProtocol.write(channel, command + "\n");
        channel.shutdownOutput();
        String answer = ControlProtocol.readAll(channel);
        int end = answer.indexOf('\n');
        if (end < 0) {
            throw new IOException("vipd closed the control socket " + socket + " without an answer");
        }
        return new Response(answer.substring(0, end).equals("ok"), answer.substring(end + 1));
    }

    private static IOException explain(Path socket, IOException e) {
        if (!Files.exists(socket)) {
            return new NotRunningException("vipd is not running: there is no control socket " + socket
                    + "; start it (vipd run), or name its socket with --socket");
        }
        if (e instanceof ConnectException || String.valueOf(e.getMessage()).contains("refused")) {
            return new NotRunningException("vipd is not running: nobody answers on " + socket);
        }
        if (!Files.isWritable(socket)) {
            return new IOException("no permission to use the control socket " + socket + "; run this as root", e);
        }
        return new IOException("can't connect to " + socket + ": " + e.getMessage(), e);
    }
}
