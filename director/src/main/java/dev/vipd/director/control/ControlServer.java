package dev.vipd.director.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * The control socket: a Unix socket that only the owner and its group may use. A lock file beside it makes sure that
 * one daemon at most runs with it; the lock goes with the process, however it ends, and a socket left behind is
 * replaced.
 */
public final class ControlServer implements AutoCloseable {
    /** Carries out a command; called on a thread of the client's, several at once. */
    public interface Handler {
        ControlClient.Response handle(String command, String user);
    }

    private static final int CLIENTS_MAX = 32; // further ones wait in the kernel's queue
    private static final int BACKLOG = 32;
    private static final long CLIENT_TIME_MAX_MS = 15_000; // so that idle ones can't use up the places
    private static final long RETRY_MS = 100;

    private final Path socket;
    private final long clientTimeMaxMs;
    private final FileChannel lockFile;
    private final ServerSocketChannel server;
    private final Semaphore clients = new Semaphore(CLIENTS_MAX);
    private volatile Handler handler;

    /**
     * Takes the socket. Commands that come before {@link #serve} wait for it.
     *
     * @throws IOException with a message that says what to do, for example when another daemon has it
     */
    public ControlServer(Path socket) throws IOException {
        this(socket, CLIENT_TIME_MAX_MS);
    }

    ControlServer(Path socket, long clientTimeMaxMs) throws IOException {
        this.socket = socket;
        this.clientTimeMaxMs = clientTimeMaxMs;
        Path directory = socket.toAbsolutePath().getParent();
        try {
            Files.createDirectories(directory);
            lockFile = FileChannel.open(
                    Path.of(socket + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("can't make the control socket " + socket + ": " + reason(e)
                    + "; run as root, or set global.control_socket to a folder that this user may write", e);
        }
        FileLock lock = lockFile.tryLock();
        if (lock == null) {
            lockFile.close();
            throw new IOException("another vipd runs with the control socket " + socket
                    + "; stop it, or give this one a global.control_socket of its own");
        }
        try {
            Files.deleteIfExists(socket);
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
        } catch (IOException e) {
            lockFile.close();
            throw new IOException("can't make the control socket " + socket + ": " + reason(e), e);
        }
    }

    /** Begins to answer. */
    public void serve(Handler commands) {
        handler = commands;
        Thread.ofPlatform().daemon().name("control").start(this::acceptAll);
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        lockFile.close();
    }

    private void acceptAll() {
        while (true) {
            try {
                clients.acquire();
                SocketChannel client = server.accept();
                Thread.ofVirtual().name("control-client").start(() -> answer(client));
            } catch (AsynchronousCloseException | InterruptedException e) {
                return;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                clients.release();
                pause(); // out of descriptors, say: try again, but not in a tight loop
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            // closed is closed
        }
    }

    private void answer(SocketChannel client) {
        try (client) {
            CompletableFuture.delayedExecutor(clientTimeMaxMs, TimeUnit.MILLISECONDS).execute(() -> close(client));
            UnixDomainPrincipal peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED);
            Optional<String> command = ControlProtocol.readLine(client);
            ControlClient.Response response = command.isPresent()
                    ? handler.handle(command.get().strip(), peer.user().getName())
                    : new ControlClient.Response(
                            false, "the request is longer than " + ControlProtocol.REQUEST_BYTES_MAX + " bytes\n");
            ControlProtocol.write(client, (response.ok() ? "ok" : "error") + "\n" + response.text());
            if (command.isEmpty()) {
                client.shutdownOutput();
                ControlProtocol.discardRest(client);
            }
        } catch (IOException e) {
            // the client went away: nobody is left to tell
        } finally {
            clients.release();
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException f && f.getReason() == null
                ? f.getClass().getSimpleName().replace("Exception", "")
                : String.valueOf(e.getMessage());
    }
}
