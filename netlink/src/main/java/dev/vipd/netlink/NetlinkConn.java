package dev.vipd.netlink;

import dev.vipd.netlink.sys.Errno;
import dev.vipd.netlink.sys.NetlinkSocket;
import dev.vipd.netlink.sys.NlTransport;
import dev.vipd.netlink.sys.SysException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Requests to the kernel and their answers, one at a time or pipelined: sequence numbers, acks, extended acks, dumps.
 * Answers to earlier requests that were given up are skipped. Not thread-safe: one owner a connection. Notifications
 * come over a socket of their own, never over this one.
 */
public final class NetlinkConn implements AutoCloseable {
    /** Requests in one datagram: of 100 bytes each, they are far below the smallest send buffer. */
    public static final int PIPELINED_MAX = 256;

    private static final long ANSWER_TIMEOUT_NS = 5_000_000_000L;
    private static final int DUMP_TRIES_MAX = 5;
    /** Datagrams that may be left in the queue: of the smallest, what fits into a receive buffer of some MiB. */
    private static final int LEFT_MAX = 65_536;

    private final NlTransport transport;
    private int lastSeq;
    /** Answers were lost: the kernel loses all others, too, until what waits in the queue has been read. */
    private boolean congested;

    public NetlinkConn(NlTransport transport) {
        this.transport = transport;
    }

    /** @param protocol {@link Nl#NETLINK_ROUTE} or {@link Nl#NETLINK_GENERIC} */
    public static NetlinkConn open(String name, int protocol) throws SysException {
        return new NetlinkConn(new NetlinkSocket(name, protocol, List.of()));
    }

    /**
     * Sends one request and waits for its ack.
     *
     * @param operation what it is, in words, for the exception
     * @param type      nlmsg_type
     * @param flags     besides REQUEST and ACK
     * @param payload   family header and attributes
     * @return the messages that came before the ack
     * @throws NetlinkException the kernel's errno; ETIMEDOUT, ENOBUFS: whether it was carried out is not known
     */
    public List<NlMessage> request(String operation, int type, int flags, byte[] payload) throws NetlinkException {
        int seq = send(operation, type, Nl.NLM_F_REQUEST | Nl.NLM_F_ACK | flags, payload);
        return collect(operation, seq).messages();
    }

    /**
     * Sends the requests together, which the kernel carries out in their order, and waits for all acks: of 255 added
     * addresses the last follows the first within few milliseconds. A request that fails does not hold up those after
     * it.
     *
     * @return for each request, in their order, why it failed; empty: it was carried out. ETIMEDOUT, ENOBUFS: whether
     *         it was is not known
     */
    public List<Optional<NetlinkException>> requestAll(List<NlRequest> requests) {
        return requestAll(requests, index -> {});
    }

    /**
     * As {@link #requestAll(List)}.
     *
     * @param answered told the index of each request when it is known what became of it
     */
    public List<Optional<NetlinkException>> requestAll(List<NlRequest> requests, IntConsumer answered) {
        List<Optional<NetlinkException>> outcomes = new ArrayList<>(requests.size());
        for (int from = 0; from < requests.size(); from += PIPELINED_MAX) {
            int first = from;
            outcomes.addAll(pipeline(
                    requests.subList(from, Math.min(requests.size(), from + PIPELINED_MAX)),
                    index -> answered.accept(first + index)));
        }
        return outcomes;
    }

    /**
     * Asks for a whole table. A table that changed meanwhile (NLM_F_DUMP_INTR), or answers lost to a full queue, are
     * asked for again.
     *
     * @return the entries, none of them twice; an empty list is an answer
     * @throws NetlinkException the kernel's errno; EBUSY when it kept changing
     */
    public List<NlMessage> dump(String operation, int type, byte[] payload) throws NetlinkException {
        for (int i = 0; i < DUMP_TRIES_MAX; i++) {
            try {
                int seq = send(operation, type, Nl.NLM_F_REQUEST | Nl.NLM_F_DUMP, payload);
                Answer answer = collect(operation, seq);
                if (!answer.interrupted()) {
                    return answer.messages();
                }
            } catch (NetlinkException e) {
                if (e.errno() != Errno.ENOBUFS) {
                    throw e;
                }
            }
        }
        throw new NetlinkException(operation, Errno.EBUSY, "the table kept changing during the dump");
    }

    @Override
    public void close() {
        transport.close();
    }

    /**
     * Sends one datagram of requests and collects their answers. Only the last asks for an ack: the kernel answers a
     * request that failed in any case, and answers in their order, so with the last answer all that failed are known.
     * An answer that finds the queue full is lost, but never silently: then the next one to be read is ENOBUFS.
     */
    private List<Optional<NetlinkException>> pipeline(List<NlRequest> requests, IntConsumer answered) {
        int firstSeq = lastSeq + 1;
        List<NlMessage> messages = new ArrayList<>(requests.size());
        for (NlRequest request : requests) {
            int ack = messages.size() == requests.size() - 1 ? Nl.NLM_F_ACK : 0;
            int flags = Nl.NLM_F_REQUEST | ack | request.flags();
            messages.add(new NlMessage(request.type(), flags, ++lastSeq, 0, request.payload()));
        }
        Map<Integer, Optional<NetlinkException>> answers = new HashMap<>();
        int lost = Errno.ETIMEDOUT;
        String why = "the kernel gave no answer";
        try {
            send(NlMessage.encodeAll(messages));
            while (!answers.containsKey(requests.size() - 1)) {
                Optional<byte[]> datagram = receive();
                if (datagram.isEmpty()) {
                    break;
                }
                for (NlMessage message : NlMessage.decodeAll(datagram.get())) {
                    int index = message.seq() - firstSeq;
                    if (message.type() == Nl.NLMSG_ERROR && index >= 0 && index < requests.size()) {
                        answers.put(index, failure(requests.get(index).operation(), message));
                        answered.accept(index);
                    }
                }
            }
        } catch (SysException e) {
            lost = e.errno();
            why = "";
        }
        boolean complete = answers.containsKey(requests.size() - 1);
        List<Optional<NetlinkException>> outcomes = new ArrayList<>(requests.size());
        for (int i = 0; i < requests.size(); i++) {
            Optional<NetlinkException> answer = answers.get(i);
            if (answer == null && complete) {
                answer = Optional.empty();
                answered.accept(i);
            }
            outcomes.add(answer != null
                    ? answer
                    : Optional.of(new NetlinkException(requests.get(i).operation(), lost, why)));
        }
        return outcomes;
    }

    private static Optional<NetlinkException> failure(String operation, NlMessage message) {
        try {
            throwIfError(operation, message);
            return Optional.empty();
        } catch (NetlinkException e) {
            return Optional.of(e);
        }
    }

    private record Answer(List<NlMessage> messages, boolean interrupted) {}

    private int send(String operation, int type, int flags, byte[] payload) throws NetlinkException {
        int seq = ++lastSeq;
        try {
            send(new NlMessage(type, flags, seq, 0, payload).encode());
        } catch (SysException e) {
            throw new NetlinkException(operation, e.errno(), "");
        }
        return seq;
    }

    private void send(byte[] datagram) throws SysException {
        for (int i = 0; congested && i < LEFT_MAX; i++) {
            try {
                congested = transport.receive(0).isPresent();
            } catch (SysException e) {
                congested = e.errno() == Errno.ENOBUFS; // anything else comes again
            }
        }
        transport.send(datagram);
    }

    private Optional<byte[]> receive() throws SysException {
        try {
            return transport.receive(ANSWER_TIMEOUT_NS);
        } catch (SysException e) {
            congested |= e.errno() == Errno.ENOBUFS;
            throw e;
        }
    }

    /** Reads up to the ack or the end of the dump. */
    private Answer collect(String operation, int seq) throws NetlinkException {
        List<NlMessage> messages = new ArrayList<>();
        boolean interrupted = false;
        while (true) {
            for (NlMessage message : NlMessage.decodeAll(receive(operation))) {
                if (message.seq() != seq) {
                    continue; // the late answer to a request that timed out
                }
                interrupted |= (message.flags() & Nl.NLM_F_DUMP_INTR) != 0;
                switch (message.type()) {
                    case Nl.NLMSG_NOOP -> {}
                    case Nl.NLMSG_OVERRUN -> throw new NetlinkException(operation, Errno.ENOBUFS, "overrun");
                    case Nl.NLMSG_ERROR, Nl.NLMSG_DONE -> {
                        throwIfError(operation, message);
                        return new Answer(messages, interrupted);
                    }
                    default -> messages.add(message);
                }
            }
        }
    }

    private byte[] receive(String operation) throws NetlinkException {
        try {
            return receive().orElseThrow(
                    () -> new NetlinkException(operation, Errno.ETIMEDOUT, "the kernel gave no answer"));
        } catch (SysException e) {
            throw new NetlinkException(operation, e.errno(), "");
        }
    }

    /** NLMSG_ERROR and NLMSG_DONE begin with 0 or a negative errno; a DONE without it is a plain end. */
    private static void throwIfError(String operation, NlMessage message) throws NetlinkException {
        if (message.payload().length < 4) {
            if (message.type() == Nl.NLMSG_ERROR) {
                throw new NetlinkException(operation, Errno.EPROTO, "error message of " + message.payload().length
                        + " bytes");
            }
            return;
        }
        int error = message.buffer().getInt(0);
        if (error != 0) {
            throw new NetlinkException(operation, -error, kernelText(message));
        }
    }

    /** Text of the extended ack: behind struct nlmsgerr and the offending message's body, unless that was left out. */
    private static String kernelText(NlMessage message) {
        if ((message.flags() & Nl.NLM_F_ACK_TLVS) == 0 || message.payload().length < 4 + Nl.NLMSG_HEADER_BYTES) {
            return "";
        }
        ByteBuffer in = message.buffer();
        int offset = 4 + Nl.NLMSG_HEADER_BYTES;
        if ((message.flags() & Nl.NLM_F_CAPPED) == 0) {
            int offending = in.getInt(4);
            if (offending < Nl.NLMSG_HEADER_BYTES || offending > message.payload().length) {
                return "";
            }
            offset = 4 + Nl.align(offending);
        }
        NlAttrReader attributes = message.attributes(offset);
        while (attributes.next()) {
            if (attributes.type() == Nl.NLMSGERR_ATTR_MSG) {
                return attributes.string();
            }
        }
        return "";
    }
}
