package dev.vipd.director.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path socket() {
        return folder.resolve("control.sock");
    }

    private static ControlClient.Response echo(String command, String user) {
        return new ControlClient.Response(!command.equals("bad"), command + " by " + user + "\n");
    }

    private ControlClient.Response ask(String command) {
        return assertTimeoutPreemptively(LIMIT, () -> ControlClient.ask(socket(), command));
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket()));
        return channel;
    }

    @Test
    void aCommandIsAnsweredWithTheNameOfWhoAsked() throws Exception {
        String user = System.getProperty("user.name");
        try (ControlServer server = new ControlServer(socket())) {
            server.serve(ControlSocketTest::echo);
            assertEquals(new ControlClient.Response(true, "status json by " + user + "\n"), ask("status json"));
            assertEquals(new ControlClient.Response(false, "bad by " + user + "\n"), ask("bad"));
        }
        assertFalse(Files.exists(socket()), "an orderly end leaves no socket");
    }

    @Test
    void aLongAnswerComesWhole() throws Exception {
        String text = "line of the table\n".repeat(50_000);
        try (ControlServer server = new ControlServer(socket())) {
            server.serve((command, user) -> new ControlClient.Response(true, text));
            assertEquals(text, ask("status").text());
        }
    }

    @Test
    void onlyOwnerAndGroupMayUseIt() throws Exception {
        try (ControlServer _ = new ControlServer(socket())) {
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
        }
    }

    @Test
    void aCommandThatComesBeforeServingWaits() throws Exception {
        try (ControlServer server = new ControlServer(socket()); SocketChannel early = connect()) {
            ControlProtocol.write(early, "early\n");
            server.serve(ControlSocketTest::echo);
            assertTrue(assertTimeoutPreemptively(LIMIT, () -> ControlProtocol.readAll(early)).startsWith("ok\nearly"));
        }
    }

    /** Another process, since the lock is the process'. It holds the socket until its input ends. */
    static final class Holder {
        public static void main(String[] args) throws IOException {
            try (ControlServer _ = new ControlServer(Path.of(args[0]))) {
                System.out.println("holds");
                System.in.read();
            }
        }
    }

    @Test
    void aSecondDaemonIsRefused() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process holder = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Holder.class.getName(),
                        socket().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals("holds", holder.inputReader().readLine());
            IOException e = assertThrows(IOException.class, () -> new ControlServer(socket()));
            assertEquals("another vipd runs with the control socket " + socket()
                    + "; stop it, or give this one a global.control_socket of its own", e.getMessage());
            assertTrue(Files.exists(socket()), "the other one's socket is left alone");
            holder.destroyForcibly(); // its socket stays behind, its lock does not
            assertTrue(holder.waitFor(60, TimeUnit.SECONDS));
            assertTrue(Files.exists(socket()));
            try (ControlServer server = new ControlServer(socket())) {
                server.serve(ControlSocketTest::echo);
                assertTrue(ask("status").ok());
            }
        } finally {
            holder.destroyForcibly();
        }
    }

    @Test
    void whatCanNotBeMadeIsSaidWithWhatToDo() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        IOException below = assertThrows(IOException.class, () -> new ControlServer(file.resolve("control.sock")));
        assertTrue(below.getMessage().startsWith("can't make the control socket " + file), below::getMessage);
        assertTrue(below.getMessage().contains("global.control_socket"), below::getMessage);
        Path longName = folder.resolve("x".repeat(120));
        IOException tooLong = assertThrows(IOException.class, () -> new ControlServer(longName));
        assertTrue(tooLong.getMessage().contains("too long"), tooLong::getMessage);
    }

    @Test
    void aRequestThatIsTooLongIsRefusedAndOthersAreServed() throws Exception {
        try (ControlServer server = new ControlServer(socket())) {
            server.serve(ControlSocketTest::echo);
            for (int factor : List.of(1, 1000)) {
                assertEquals(
                        new ControlClient.Response(false, "the request is longer than 4096 bytes\n"),
                        ask("x".repeat(factor * ControlProtocol.REQUEST_BYTES_MAX)));
            }
            String longest = "x".repeat(ControlProtocol.REQUEST_BYTES_MAX - 1);
            assertTrue(ask(longest).text().startsWith(longest + " by "));
        }
    }

    @Test
    void aRequestInPiecesIsReadWhole() throws Exception {
        try (ControlServer server = new ControlServer(socket()); SocketChannel slow = connect()) {
            server.serve(ControlSocketTest::echo);
            for (String piece : List.of("sta", "tus", " json\n")) {
                slow.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
            }
            assertTrue(assertTimeoutPreemptively(LIMIT, () -> ControlProtocol.readAll(slow))
                    .startsWith("ok\nstatus json by "));
        }
    }

    @Test
    void clientsThatSayNothingCanNotUseUpThePlaces() throws Exception {
        List<SocketChannel> silent = new ArrayList<>();
        try (ControlServer server = new ControlServer(socket(), 500)) {
            server.serve(ControlSocketTest::echo);
            for (int i = 0; i < 40; i++) { // more than are served at once
                silent.add(connect());
            }
            assertTrue(ask("status").ok());
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void withoutADaemonTheMessageSaysSo() throws Exception {
        IOException none = assertThrows(ControlClient.NotRunningException.class, () -> ask("status"));
        assertEquals("vipd is not running: there is no control socket " + socket()
                + "; start it (vipd run), or name its socket with --socket", none.getMessage());
        ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        gone.bind(UnixDomainSocketAddress.of(socket()));
        gone.close(); // the file stays
        IOException stale = assertThrows(ControlClient.NotRunningException.class, () -> ask("status"));
        assertEquals("vipd is not running: nobody answers on " + socket(), stale.getMessage());
    }

    @Test
    void aDaemonThatIsStoppedIsNotWaitedForForEver() throws Exception {
        try (ServerSocketChannel stopped = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stopped.bind(UnixDomainSocketAddress.of(socket()), 1); // the kernel takes two for it, then lets them wait
            for (int i = 0; i < 4; i++) {
                IOException e = assertThrows(IOException.class, () -> assertTimeoutPreemptively(
                        LIMIT, () -> ControlClient.ask(socket(), "status", 200)));
                assertEquals("vipd does not answer on " + socket() + " (is it stopped, or the machine overloaded?)",
                        e.getMessage());
            }
        }
    }

    @Test
    void anAnswerThatNeverComesIsAnError() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket()));
            Thread.ofVirtual().start(() -> {
                try (SocketChannel client = server.accept()) {
                    ControlProtocol.readLine(client);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            IOException e = assertThrows(IOException.class, () -> ask("status"));
            assertEquals("vipd closed the control socket " + socket() + " without an answer", e.getMessage());
        }
    }
}
