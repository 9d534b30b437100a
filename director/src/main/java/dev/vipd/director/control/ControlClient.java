package dev.vipd.director.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
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

    private ControlClient() {}

    /** @throws NotRunningException when nobody listens */
    public static Response ask(Path socket, String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException e) {
                throw explain(socket, e);
            }
            ControlProtocol.write(channel, command + "\n");
            String answer = ControlProtocol.readAll(channel);
            int end = answer.indexOf('\n');
            if (end < 0) {
                throw new IOException("vipd closed the control socket " + socket + " without an answer");
            }
            return new Response(answer.substring(0, end).equals("ok"), answer.substring(end + 1));
        }
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
