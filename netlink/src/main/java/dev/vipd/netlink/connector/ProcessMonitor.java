package dev.vipd.netlink.connector;

import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.sys.Errno;
import dev.vipd.netlink.sys.Fd;
import dev.vipd.netlink.sys.HostNetwork;
import dev.vipd.netlink.sys.NetlinkSocket;
import dev.vipd.netlink.sys.SysException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Notifications of processes that begin, change and end: the kernel's process events connector. Open it before /proc
 * is read, so that nothing is missed between the two. Not thread-safe.
 *
 * <p>The kernel has it in the host's network namespace only, and gives it to processes of the host's process namespace
 * only.
 */
public final class ProcessMonitor implements AutoCloseable {
    private static final int NETLINK_CONNECTOR = 11;
    private static final long ANSWER_NS_MAX = 1_000_000_000L;
    private static final int DATAGRAMS_PER_READ_MAX = 1024;

    private final NetlinkSocket socket;

    private ProcessMonitor(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Opens and subscribes. Waits for the kernel's answer, for a second at most.
     *
     * @throws SysException EPERM without CAP_NET_ADMIN; ECONNREFUSED in a network namespace that can't be left;
     *     ETIMEDOUT in a process namespace of its own
     */
    public static ProcessMonitor open() throws SysException {
        NetlinkSocket socket = HostNetwork.call(() ->
                new NetlinkSocket("process events", NETLINK_CONNECTOR, List.of(ProcessCodec.CN_IDX_PROC)));
        try {
            int number = (int) ProcessHandle.current().pid();
            socket.send(ProcessCodec.subscribe(number).encode());
            awaitAnswer(socket, number);
            return new ProcessMonitor(socket);
        } catch (SysException e) {
            socket.close();
            throw e;
        }
    }

    public Fd fd() {
        return socket.fd();
    }

    /** What waits in the queue, oldest first; a bounded number of datagrams a call. Does not block. */
    public List<ProcessEvent> read() throws SysException {
        List<ProcessEvent> events = new ArrayList<>();
        for (int i = 0; i < DATAGRAMS_PER_READ_MAX; i++) {
            try {
                Optional<byte[]> datagram = socket.receive(0);
                if (datagram.isEmpty()) {
                    break;
                }
                for (NlMessage message : NlMessage.decodeAll(datagram.get())) {
                    ProcessCodec.event(message).ifPresent(events::add);
                }
            } catch (SysException e) {
                if (e.errno() != Errno.ENOBUFS && e.errno() != Errno.EMSGSIZE) {
                    throw e;
                }
                events.add(new ProcessEvent.Overrun());
            }
        }
        return events;
    }

    @Override
    public void close() {
        socket.close();
    }

    private static void awaitAnswer(NetlinkSocket socket, int number) throws SysException {
        String operation = "subscribe to process events";
        long deadlineNs = System.nanoTime() + ANSWER_NS_MAX;
        for (long leftNs = ANSWER_NS_MAX; leftNs > 0; leftNs = deadlineNs - System.nanoTime()) {
            Optional<byte[]> datagram = socket.receive(leftNs);
            if (datagram.isEmpty()) {
                break;
            }
            for (NlMessage message : NlMessage.decodeAll(datagram.get())) {
                OptionalInt errno = ProcessCodec.answer(message, number);
                if (errno.isPresent() && errno.getAsInt() != 0) {
                    throw new SysException(operation, errno.getAsInt());
                }
                if (errno.isPresent()) {
                    return;
                }
            }
        }
        throw new SysException(operation, Errno.ETIMEDOUT);
    }
}
