package dev.vipd.healthcheck.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vipd.healthcheck.Route;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback that serves each connection on a virtual thread of its own. */
final class TestServer implements AutoCloseable {
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    /** What is done with one connection, which is closed afterwards; what it throws is nobody's business. */
    interface Session {
        void serve(Socket socket) throws Exception;
    }

    private final ServerSocket listener;
    private final Session session;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    TestServer(Session session) throws IOException {
        this(new ServerSocket(0, 50, LOOPBACK), session);
    }

    /** @param listener bound already; may be one of TLS */
    TestServer(ServerSocket listener, Session session) {
        this.listener = listener;
        this.session = session;
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            session.serve(socket);
        } catch (Exception e) {
            // the client has gone, or did not want TLS: the probe's outcome tells
        } finally {
            open.remove(socket);
        }
    }

    /** A session that keeps silent until the client closes. */
    static void hang(Socket socket) throws IOException {
        while (socket.getInputStream().read() >= 0) {
            // not listened to
        }
    }

    /** A session that sends these bytes, one a character, and then keeps silent. */
    static Session sends(String bytes) {
        return socket -> {
            socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
            hang(socket);
        };
    }

    /** A session that answers each header of a request without a body by these bytes, one a character. */
    static Session answers(String response) {
        return socket -> {
            while (readHeader(socket.getInputStream())) {
                socket.getOutputStream().write(response.getBytes(ISO_8859_1));
            }
        };
    }

    /** Reads up to an empty line. @return whether it came before the end */
    static boolean readHeader(InputStream from) throws IOException {
        int matched = 0;
        while (matched < 4) {
            int c = from.read();
            if (c < 0) {
                return false;
            }
            matched = c == "\r\n\r\n".charAt(matched) ? matched + 1 : c == '\r' ? 1 : 0;
        }
        return true;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(LOOPBACK, listener.getLocalPort());
    }

    Route route() {
        return Route.to(address());
    }

    /** Accepted so far. */
    int connections() {
        return connections.get();
    }

    /** Closes the connections that are open, and waits until their sessions have ended. */
    void closeConnections() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        while (!open.isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
