package dev.vipd.netlink;

import dev.vipd.netlink.sys.Errno;
import dev.vipd.netlink.sys.NlTransport;
import dev.vipd.netlink.sys.SysException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A scripted kernel behind a real {@link NetlinkConn}: a function from each request to the datagrams that answer it. As
 * the real one, it leaves out an ack that was not asked for. The real connection's sequence numbers, acks and dumps run
 * in every test that uses it.
 */
public final class FakeKernel implements NlTransport {
    private final Function<NlMessage, List<byte[]>> script;
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private final List<NlMessage> requests = new ArrayList<>();
    private boolean overflowed;
    private int datagrams;

    public FakeKernel(Function<NlMessage, List<byte[]>> script) {
        this.script = script;
    }

    /** What was asked so far. */
    public List<NlMessage> requests() {
        return requests;
    }

    /** How many datagrams they came in. */
    public int datagrams() {
        return datagrams;
    }

    /** Lets the next receive fail with ENOBUFS, once, and loses what waits. */
    public void overflow() {
        overflowed = true;
        queue.clear();
    }

    /** A datagram that nobody asked for. */
    public void inject(byte[] datagram) {
        queue.add(datagram);
    }

    @Override
    public void send(byte[] datagram) {
        datagrams++;
        for (NlMessage request : NlMessage.decodeAll(datagram)) {
            requests.add(request);
            boolean ackWanted = (request.flags() & Nl.NLM_F_ACK) != 0;
            script.apply(request).stream().filter(answer -> ackWanted || !isAck(answer)).forEach(queue::add);
        }
    }

    private static boolean isAck(byte[] answer) {
        return NlMessage.decodeAll(answer).stream()
                .anyMatch(message -> message.type() == Nl.NLMSG_ERROR && message.buffer().getInt(0) == 0);
    }

    @Override
    public Optional<byte[]> receive(long timeoutNs) throws SysException {
        if (overflowed) {
            overflowed = false;
            throw new SysException("receive", Errno.ENOBUFS);
        }
        return Optional.ofNullable(queue.poll());
    }

    @Override
    public void close() {}

    /** A success ack, capped as the kernel's are. */
    public static byte[] ack(NlMessage request) {
        return error(request, 0, "");
    }

    /** An error reply with a positive errno (0: ack) and, when not empty, the text of an extended ack. */
    public static byte[] error(NlMessage request, int errno, String text) {
        byte[] original = errno == 0 ? header(request) : request.encode();
        NlAttrWriter attributes = new NlAttrWriter();
        if (!text.isEmpty()) {
            attributes.putBytes(Nl.NLMSGERR_ATTR_MSG, (text + "\0").getBytes(StandardCharsets.UTF_8));
        }
        byte[] tlvs = attributes.toByteArray();
        ByteBuffer payload = ByteBuffer.allocate(4 + original.length + tlvs.length)
                .order(ByteOrder.nativeOrder())
                .putInt(-errno)
                .put(original)
                .put(tlvs);
        int flags = (errno == 0 ? Nl.NLM_F_CAPPED : 0) | (text.isEmpty() ? 0 : Nl.NLM_F_ACK_TLVS);
        return new NlMessage(Nl.NLMSG_ERROR, flags, request.seq(), 0, payload.array()).encode();
    }

    /** Part of an answer. */
    public static byte[] reply(NlMessage request, int type, byte[] payload) {
        return new NlMessage(type, 0, request.seq(), 0, payload).encode();
    }

    /** A whole dump in one datagram: the entries and the end. {@code flags} go on each part besides MULTI. */
    public static byte[] dump(NlMessage request, int type, int flags, List<byte[]> payloads) {
        List<NlMessage> parts = new ArrayList<>();
        for (byte[] payload : payloads) {
            parts.add(new NlMessage(type, Nl.NLM_F_MULTI | flags, request.seq(), 0, payload));
        }
        parts.add(new NlMessage(Nl.NLMSG_DONE, Nl.NLM_F_MULTI | flags, request.seq(), 0, new byte[4]));
        return NlMessage.encodeAll(parts);
    }

    private static byte[] header(NlMessage request) {
        NlMessage bare = new NlMessage(request.type(), request.flags(), request.seq(), request.pid(), new byte[0]);
        byte[] whole = bare.encode();
        int length = Nl.NLMSG_HEADER_BYTES + request.payload().length;
        ByteBuffer.wrap(whole).order(ByteOrder.nativeOrder()).putInt(0, length);
        return whole;
    }
}
