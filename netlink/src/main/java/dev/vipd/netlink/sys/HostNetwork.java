package dev.vipd.netlink.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The network namespace of the host, for what the kernel has there only. */
public final class HostNetwork {
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final String OF_INIT = "/proc/1/ns/net";

    private HostNetwork() {}

    /** Opens something. */
    public interface Opening<T> {
        T open() throws SysException;
    }

    /**
     * Opens a socket in the network namespace of process 1, in which it then stays. Where that namespace is this
     * process' own, or can't be entered, it is opened here.
     */
    public static <T> T call(Opening<T> opening) throws SysException {
        if (isOwn()) {
            return opening.open();
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        // a thread of its own, that ends with this: a namespace is entered by one thread alone
        Thread thread = Thread.ofPlatform().name("host-network").start(() -> {
            try {
                enter();
                result.complete(opening.open());
            } catch (SysException | RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (result.state() == CompletableFuture.State.FAILED && result.exceptionNow() instanceof SysException e) {
            throw e;
        }
        return result.join();
    }

    private static void enter() throws SysException {
        int fd = Libc.CALLS.open(Sys.text(OF_INIT), O_RDONLY_CLOEXEC);
        if (fd < 0) {
            return; // another's process in a container: what is to be opened says whether it works here
        }
        try (Fd namespace = new Fd(fd)) {
            Libc.CALLS.setns(namespace.number(), CLONE_NEWNET); // the same without CAP_SYS_ADMIN
        }
    }

    private static boolean isOwn() {
        try {
            Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
            return Files.readSymbolicLink(Path.of(OF_INIT)).equals(own);
        } catch (IOException e) {
            return false;
        }
    }
}
