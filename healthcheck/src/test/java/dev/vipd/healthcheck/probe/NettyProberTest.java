package dev.vipd.healthcheck.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real sockets over loopback, on each transport. */
class NettyProberTest {
    private static final long TIMEOUT_MS = 1000;

    private static CheckConfig.Tcp tcp(int port) {
        return Checks.tcp(port, Checks.timing(1000, TIMEOUT_MS));
    }

    private static CheckConfig.Http http(int port) {
        return Checks.http(port, Checks.timing(1000, TIMEOUT_MS));
    }

    private static CheckOutcome probe(Transport transport, CheckConfig check) throws Exception {
        return probe(transport, check, transport::openFor);
    }

    private static CheckOutcome probe(
            Transport transport, CheckConfig check, Function<InetSocketAddress, Channel> sockets) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandler());
        try {
            EventLoop loop = group.next();
            CompletableFuture<CheckOutcome> ended = new CompletableFuture<>();
            CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
            loop.execute(() -> new NettyProber(sockets, System::nanoTime).probe(check, loop, outcome -> {
                onLoop.complete(loop.inEventLoop());
                ended.complete(outcome);
            }));
            CheckOutcome outcome = ended.get(10, TimeUnit.SECONDS);
            assertTrue(onLoop.get(), "reported on the loop");
            return outcome;
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
        }
    }

    /** Loading the classes can stall the loop for long enough that a timeout is no longer held against the server. */
    @BeforeAll
    static void loadTheClasses() throws Exception {
        for (Transport transport : Transport.values()) {
            try (ServerSocket server = listener()) {
                CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> serve(server));
                probe(transport, Checks.http(server.getLocalPort(), Checks.timing(1000, 10_000)));
                seen.get(5, TimeUnit.SECONDS);
            }
        }
    }

    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 50, Checks.LOOPBACK);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = listener()) {
            return socket.getLocalPort();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tcpPassesWhenSomeoneListensAndClosesInOrder(Transport transport) throws Exception {
        try (ServerSocket server = listener()) {
            CheckOutcome outcome = probe(transport, tcp(server.getLocalPort()));
            assertTrue(assertInstanceOf(CheckOutcome.Passed.class, outcome).durationNs() > 0);
            try (Socket accepted = server.accept()) {
                assertEquals(-1, accepted.getInputStream().read(), "end of stream, not a reset");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClosedPortRefuses(Transport transport) throws Exception {
        assertEquals("connect refused", probe(transport, tcp(freePort())).text());
        assertInstanceOf(CheckOutcome.Failed.class, probe(transport, http(freePort())));
    }

    @ParameterizedTest
    @EnumSource
    void aBlackHoleTimesOut(Transport transport) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, Checks.LOOPBACK)) {
            List<Socket> fillers = fillBacklog(server);
            CheckOutcome outcome = probe(transport, tcp(server.getLocalPort()));
            assertEquals("connect timed out after 1s", outcome.text());
            long tookNs = assertInstanceOf(CheckOutcome.Failed.class, outcome).durationNs();
            assertTrue(tookNs >= TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS), "after " + tookNs);
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    /** Connects until the kernel drops further connection requests. */
    private static List<Socket> fillBacklog(ServerSocket server) throws IOException {
        List<Socket> fillers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Socket socket = new Socket();
            fillers.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 200);
            } catch (java.net.SocketTimeoutException full) {
                return fillers;
            }
        }
        throw new IllegalStateException("the backlog does not fill up");
    }

    @ParameterizedTest
    @EnumSource
    void whatTheRoutingTableRefusesIsALocalFault(Transport transport) throws Exception {
        // connect(2) has no route for TCP to a broadcast address: ENETUNREACH before anything is sent
        InetSocketAddress broadcast = new InetSocketAddress(InetAddress.ofLiteral("127.255.255.255"), 80);
        CheckConfig check = new CheckConfig.Tcp(broadcast, Checks.timing(1000, TIMEOUT_MS));
        assertInstanceOf(CheckOutcome.LocalFault.class, probe(transport, check));
    }

    @ParameterizedTest
    @EnumSource
    void noDescriptorLeftIsALocalFault(Transport transport) throws Exception {
        CheckOutcome outcome = probe(transport, tcp(freePort()), _ -> {
            throw new ChannelException(new IOException("socket(..) failed with error(-24): Too many open files"));
        });
        assertEquals(new CheckOutcome.LocalFault("too many open files"), outcome);
    }

    @ParameterizedTest
    @EnumSource
    void httpPassesAndTheServerSeesAnOrderlyCloseAfterItsBody(Transport transport) throws Exception {
        try (ServerSocket server = listener()) {
            CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> serve(server));
            assertInstanceOf(CheckOutcome.Passed.class, probe(transport, http(server.getLocalPort())));
            String request = seen.get(5, TimeUnit.SECONDS);
            assertTrue(request.startsWith("GET /health HTTP/1.1\r\n"), request);
        }
    }

    /** Answers one request, waits for the peer's end of stream, and gives back the request. */
    private static String serve(ServerSocket server) {
        try (Socket socket = server.accept()) {
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                request.append((char) socket.getInputStream().read());
            }
            String reply = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + "x".repeat(5000);
            socket.getOutputStream().write(reply.getBytes(ISO_8859_1));
            socket.setSoTimeout(3000);
            assertEquals(-1, socket.getInputStream().read());
            return request.toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatNeverAnswersHasNoResponse(Transport transport) throws Exception {
        try (ServerSocket server = listener()) {
            assertEquals("no response within 1s", probe(transport, http(server.getLocalPort())).text());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatResetsIsCalledSo(Transport transport) throws Exception {
        try (ServerSocket server = listener()) {
            CompletableFuture<Void> reset = CompletableFuture.runAsync(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read();
                    socket.setSoLinger(true, 0);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertEquals("connection reset", probe(transport, http(server.getLocalPort())).text());
            reset.get(5, TimeUnit.SECONDS);
        }
    }
}
