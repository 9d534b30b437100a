package dev.vipd.netlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.sys.Errno;
import dev.vipd.netlink.sys.NlTransport;
import dev.vipd.netlink.sys.SysException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NetlinkConnTest {
    private static final int TYPE = 30;
    private static final byte[] ONE = {1, 0, 0, 0};
    private static final byte[] TWO = {2, 0, 0, 0};

    @Test
    void aRequestReturnsWhatCameBeforeItsAck() throws Exception {
        NetlinkConn conn = new NetlinkConn(new FakeKernel(request ->
                List.of(FakeKernel.reply(request, TYPE, ONE), FakeKernel.ack(request))));
        List<NlMessage> answer = conn.request("get", TYPE, 0, new byte[0]);
        assertEquals(1, answer.size());
        assertArrayEquals(ONE, answer.getFirst().payload());
    }

    @Test
    void requestsAreNumberedAndAskForAnAck() throws Exception {
        FakeKernel kernel = new FakeKernel(request -> List.of(FakeKernel.ack(request)));
        NetlinkConn conn = new NetlinkConn(kernel);
        conn.request("a", TYPE, Nl.NLM_F_CREATE, ONE);
        conn.request("b", TYPE, 0, TWO);
        assertEquals(List.of(1, 2), kernel.requests().stream().map(NlMessage::seq).toList());
        assertEquals(Nl.NLM_F_REQUEST | Nl.NLM_F_ACK | Nl.NLM_F_CREATE, kernel.requests().getFirst().flags());
    }

    @Test
    void anErrorCarriesItsNumberAndTheKernelsText() {
        NetlinkConn conn = new NetlinkConn(new FakeKernel(request ->
                List.of(FakeKernel.error(request, Errno.EEXIST, "ipv4: Address already assigned"))));
        NetlinkException e = assertThrows(NetlinkException.class, () -> conn.request("add address", TYPE, 0, ONE));
        assertEquals(Errno.EEXIST, e.errno());
        assertEquals("add address: EEXIST: exists already (ipv4: Address already assigned)", e.getMessage());
    }

    @Test
    void theCapturedExtendedAckIsUnderstood() {
        NlMessage captured = Vectors.message("rtnl-error-eexist-extack");
        NetlinkConn conn = new NetlinkConn(new FakeKernel(request -> List.of(new NlMessage(
                        captured.type(), captured.flags(), request.seq(), 0, captured.payload())
                .encode())));
        NetlinkException e = assertThrows(NetlinkException.class, () -> conn.request("add", TYPE, 0, ONE));
        assertEquals(Errno.EEXIST, e.errno());
        assertEquals("ipv4: Address already assigned", e.kernelText());
    }

    @Test
    void aDumpIsReadOverSeveralDatagramsAndMayBeEmpty() throws Exception {
        NetlinkConn conn = new NetlinkConn(new FakeKernel(request -> List.of(
                FakeKernel.reply(request, TYPE, ONE), FakeKernel.dump(request, TYPE, 0, List.of(TWO)))));
        assertEquals(2, conn.dump("list", TYPE, new byte[0]).size());
        NetlinkConn empty =
                new NetlinkConn(new FakeKernel(request -> List.of(FakeKernel.dump(request, TYPE, 0, List.of()))));
        assertEquals(List.of(), empty.dump("list", TYPE, new byte[0]));
    }

    @Test
    void anInterruptedDumpIsRepeatedAndItsFirstHalfForgotten() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        NetlinkConn conn = new NetlinkConn(new FakeKernel(request -> List.of(tries.incrementAndGet() < 3
                ? FakeKernel.dump(request, TYPE, Nl.NLM_F_DUMP_INTR, List.of(ONE, TWO))
                : FakeKernel.dump(request, TYPE, 0, List.of(ONE)))));
        assertEquals(1, conn.dump("list", TYPE, new byte[0]).size());
        assertEquals(3, tries.get());
    }

    @Test
    void aTableThatNeverHoldsStillIsAnErrorAfterSomeTries() {
        FakeKernel kernel = new FakeKernel(
                request -> List.of(FakeKernel.dump(request, TYPE, Nl.NLM_F_DUMP_INTR, List.of(ONE))));
        NetlinkException e = assertThrows(
                NetlinkException.class, () -> new NetlinkConn(kernel).dump("list", TYPE, new byte[0]));
        assertEquals(Errno.EBUSY, e.errno());
        assertEquals(5, kernel.requests().size());
    }

    @Test
    void aDumpLostToAFullQueueIsAskedForAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        FakeKernel[] kernel = new FakeKernel[1];
        kernel[0] = new FakeKernel(request -> {
            if (tries.incrementAndGet() == 1) {
                kernel[0].overflow();
                return List.of();
            }
            return List.of(FakeKernel.dump(request, TYPE, 0, List.of(ONE)));
        });
        assertEquals(1, new NetlinkConn(kernel[0]).dump("list", TYPE, new byte[0]).size());
    }

    @Test
    void answersToAnEarlierRequestAreSkipped() throws Exception {
        FakeKernel kernel = new FakeKernel(request -> List.of(FakeKernel.ack(request)));
        kernel.inject(FakeKernel.error(new NlMessage(TYPE, 0, 77, 0, ONE), Errno.EINVAL, ""));
        assertEquals(List.of(), new NetlinkConn(kernel).request("set", TYPE, 0, ONE));
    }

    @Test
    void silenceIsATimeout() {
        NetlinkException e = assertThrows(
                NetlinkException.class,
                () -> new NetlinkConn(new FakeKernel(request -> List.of())).request("set", TYPE, 0, ONE));
        assertEquals(Errno.ETIMEDOUT, e.errno());
    }

    @Test
    void anErrorAtTheEndOfADumpIsTheDumpsError() {
        byte[] minusEinval = {(byte) -Errno.EINVAL, -1, -1, -1};
        NetlinkConn conn = new NetlinkConn(new FakeKernel(request -> List.of(
                new NlMessage(Nl.NLMSG_DONE, Nl.NLM_F_MULTI, request.seq(), 0, minusEinval).encode())));
        NetlinkException e =
                assertThrows(NetlinkException.class, () -> conn.dump("list", TYPE, new byte[0]));
        assertEquals(Errno.EINVAL, e.errno());
    }

    @Test
    void manyRequestsAreSentAtOnceAndEachGetsItsAnswer() {
        FakeKernel kernel = new FakeKernel(request -> List.of(request.payload()[0] == 2
                ? FakeKernel.error(request, Errno.EEXIST, "")
                : FakeKernel.ack(request)));
        List<NlRequest> requests = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            requests.add(new NlRequest("add " + i, TYPE, 0, i == 300 ? TWO : ONE));
        }
        List<Integer> answered = new ArrayList<>();
        List<Optional<NetlinkException>> outcomes = new NetlinkConn(kernel).requestAll(requests, answered::add);
        assertEquals(600, outcomes.size());
        assertEquals(
                IntStream.range(0, 600).boxed().toList(), answered.stream().sorted().toList());
        assertEquals(300, answered.get(256), "what failed is known before the rest of its datagram");
        assertEquals(3, kernel.datagrams());
        assertEquals("add 300: EEXIST: exists already", outcomes.get(300).orElseThrow().getMessage());
        assertEquals(1, outcomes.stream().filter(Optional::isPresent).count());
    }

    @Test
    void onlyTheLastOfTheRequestsInADatagramAsksForAnAck() {
        FakeKernel kernel = new FakeKernel(request -> List.of(FakeKernel.ack(request)));
        NlRequest request = new NlRequest("a", TYPE, 0, ONE);
        List<Optional<NetlinkException>> outcomes =
                new NetlinkConn(kernel).requestAll(List.of(request, request, request));
        assertEquals(Collections.nCopies(3, Optional.empty()), outcomes);
        int bare = Nl.NLM_F_REQUEST;
        assertEquals(
                List.of(bare, bare, bare | Nl.NLM_F_ACK),
                kernel.requests().stream().map(NlMessage::flags).toList());
    }

    @Test
    void withoutTheLastAnswerNothingIsKnownOfRequestsThatDidNotFail() {
        FakeKernel kernel = new FakeKernel(request -> switch (request.seq()) {
            case 1 -> List.of(FakeKernel.error(request, Errno.EEXIST, ""));
            case 2 -> List.of(FakeKernel.ack(request));
            default -> List.of();
        });
        List<Integer> answered = new ArrayList<>();
        NlRequest request = new NlRequest("a", TYPE, 0, ONE);
        List<Optional<NetlinkException>> outcomes =
                new NetlinkConn(kernel).requestAll(List.of(request, request, request), answered::add);
        assertEquals(
                List.of(Errno.EEXIST, Errno.ETIMEDOUT, Errno.ETIMEDOUT),
                outcomes.stream().map(outcome -> outcome.orElseThrow().errno()).toList());
        assertEquals(List.of(0), answered);
    }

    /** As the kernel's: what finds its queue full is lost, and so is all else until that has been read empty. */
    private static final class ShortQueue implements NlTransport {
        private final Deque<byte[]> queue = new ArrayDeque<>();
        private final int bound;
        private final int errno;
        private boolean congested;
        private boolean toTell;

        ShortQueue(int bound, int errno) {
            this.bound = bound;
            this.errno = errno;
        }

        @Override
        public void send(byte[] datagram) {
            for (NlMessage request : NlMessage.decodeAll(datagram)) {
                if (congested || queue.size() == bound) {
                    toTell |= !congested;
                    congested = true;
                } else if ((request.flags() & Nl.NLM_F_DUMP) == Nl.NLM_F_DUMP) {
                    queue.add(FakeKernel.dump(request, TYPE, 0, List.of(ONE)));
                } else {
                    queue.add(FakeKernel.error(request, errno, ""));
                }
            }
        }

        @Override
        public Optional<byte[]> receive(long timeoutNs) throws SysException {
            if (toTell) {
                toTell = false;
                throw new SysException("receive", Errno.ENOBUFS);
            }
            Optional<byte[]> first = Optional.ofNullable(queue.poll());
            congested &= !queue.isEmpty();
            return first;
        }

        @Override
        public void close() {}
    }

    @Test
    void whatAnOverrunLeftIsReadBeforeTheNextRequest() throws Exception {
        NetlinkConn conn = new NetlinkConn(new ShortQueue(3, Errno.ESRCH));
        NlRequest request = new NlRequest("a", TYPE, 0, ONE);
        List<Optional<NetlinkException>> outcomes = conn.requestAll(Collections.nCopies(10, request));
        assertTrue(outcomes.stream().allMatch(outcome -> outcome.orElseThrow().errno() == Errno.ENOBUFS));
        assertEquals(1, conn.dump("list", TYPE, new byte[0]).size());
    }

    @Test
    void answersLostToAFullQueueAreNoSuccess() {
        FakeKernel[] kernel = new FakeKernel[1];
        kernel[0] = new FakeKernel(request -> {
            if (request.seq() == 2) {
                kernel[0].overflow();
            }
            return List.of(FakeKernel.ack(request));
        });
        NlRequest request = new NlRequest("a", TYPE, 0, ONE);
        List<Optional<NetlinkException>> outcomes =
                new NetlinkConn(kernel[0]).requestAll(List.of(request, request, request));
        assertEquals(
                Collections.nCopies(3, Errno.ENOBUFS),
                outcomes.stream().map(outcome -> outcome.orElseThrow().errno()).toList());
    }
}
