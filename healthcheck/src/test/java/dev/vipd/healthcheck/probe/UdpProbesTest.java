package dev.vipd.healthcheck.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.Route;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code dns} and {@code udp}, with sockets on loopback. */
class UdpProbesTest {
    private static final long SHORT_MS = 300;

    /** What a server sends back to the n-th datagram, from 1 on. */
    private interface Replies {
        List<byte[]> to(byte[] question, int number);
    }

    /** A server on loopback. */
    private static final class Server implements AutoCloseable {
        private final DatagramSocket socket;

        Server(Replies replies) throws IOException {
            this("127.0.0.1", replies);
        }

        Server(String address, Replies replies) throws IOException {
            socket = new DatagramSocket(0, InetAddress.ofLiteral(address));
            Thread.ofPlatform().daemon().start(() -> serve(replies));
        }

        private void serve(Replies replies) {
            try {
                for (int number = 1; true; number++) {
                    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                    socket.receive(packet);
                    for (byte[] reply : replies.to(Arrays.copyOf(packet.getData(), packet.getLength()), number)) {
                        socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                    }
                }
            } catch (IOException e) {
                // closed
            }
        }

        Route route() {
            return Route.to(new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort()));
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static byte[] answer(byte[] question, int idChange, int rcode) {
        byte[] answer = question.clone();
        answer[1] += (byte) idChange;
        answer[2] |= (byte) 0x80;
        answer[3] = (byte) rcode;
        return answer;
    }

    private static CheckOutcome dns(Route route, long timeoutMs) throws Exception {
        return ProbeTester.once(
                new DnsProbe(new ProbeConfig.Dns(route, false, "example.org", 6, List.of(0), List.of())), timeoutMs);
    }

    private static CheckOutcome udp(Route route, boolean requireReply, String reply, long timeoutMs) throws Exception {
        return ProbeTester.once(
                new UdpProbe(new ProbeConfig.Udp(route, "70696e67", requireReply, reply, 0, 255)), timeoutMs);
    }

    private static Route closedPort() throws IOException {
        try (Server gone = new Server((_, _) -> List.of())) {
            return gone.route();
        }
    }

    @Test
    void aQuestionIsAnswered() throws Exception {
        try (Server server = new Server((question, _) -> List.of(answer(question, 0, 0)));
                Server six = new Server("::1", (question, _) -> List.of(answer(question, 0, 0)))) {
            assertEquals("passed", dns(server.route(), ProbeTester.TIMEOUT_MS).text());
            assertEquals("passed", dns(six.route(), ProbeTester.TIMEOUT_MS).text());
        }
    }

    @Test
    void whatAnswersAnotherQuestionIsPassedOver() throws Exception {
        try (Server server = new Server((question, _) ->
                List.of(answer(question, 1, 0), new byte[0], question, answer(question, 0, 2)))) {
            CheckOutcome outcome = dns(server.route(), ProbeTester.TIMEOUT_MS);
            assertEquals("rcode 2 (SERVFAIL), want 0", outcome.text());
        }
    }

    @Test
    void aLostQuestionIsAskedAgainOnce() throws Exception {
        List<byte[]> questions = new ArrayList<>();
        try (Server server = new Server((question, number) -> {
            questions.add(question);
            return number == 2 ? List.of(answer(question, 0, 0)) : List.of();
        })) {
            CheckOutcome.Passed passed = (CheckOutcome.Passed) dns(server.route(), 900);
            assertTrue(passed.durationNs() >= 300_000_000L, "after a third of the time");
        }
        assertEquals(2, questions.size());
        assertTrue(Arrays.equals(questions.get(0), questions.get(1)), "with the same id");
    }

    @Test
    void silenceAndAClosedPortFailAQuestion() throws Exception {
        try (Server server = new Server((_, _) -> List.of())) {
            assertEquals("answer timed out after 300ms", dns(server.route(), SHORT_MS).text());
        }
        assertEquals(
                "port unreachable", assertFailed(dns(closedPort(), ProbeTester.TIMEOUT_MS)).reason());
    }

    @Test
    void aReplyIsJudged() throws Exception {
        try (Server echo = new Server((question, _) -> List.of(question))) {
            assertEquals("passed", udp(echo.route(), true, "7069xx67", ProbeTester.TIMEOUT_MS).text());
            assertEquals("reply did not match", udp(echo.route(), true, "00", ProbeTester.TIMEOUT_MS).text());
            CheckOutcome.Passed early =
                    (CheckOutcome.Passed) udp(echo.route(), false, "00", ProbeTester.TIMEOUT_MS);
            assertTrue(early.durationNs() < ProbeTester.TIMEOUT_MS * 1_000_000, "any reply will do, at once");
        }
    }

    @Test
    void silencePassesUnlessAReplyIsRequired() throws Exception {
        try (Server silent = new Server((_, _) -> List.of())) {
            assertEquals("reply timed out after 300ms", udp(silent.route(), true, "", SHORT_MS).text());
            CheckOutcome.Passed passed = (CheckOutcome.Passed) udp(silent.route(), false, "", SHORT_MS);
            assertTrue(passed.durationNs() >= 290_000_000L, "at the end of its time: " + passed.durationNs());
        }
    }

    @Test
    void aRefusalFailsAtOnce() throws Exception {
        CheckOutcome.Failed failed = assertFailed(udp(closedPort(), false, "", ProbeTester.TIMEOUT_MS));
        assertEquals("port unreachable", failed.reason());
        assertTrue(failed.durationNs() < ProbeTester.TIMEOUT_MS * 1_000_000 / 2);
    }

    @Test
    void whatThisMachineRefusesIsALocalFault() throws Exception {
        Route foreign = new Route(
                closedPort().target(), Optional.of(InetAddress.ofLiteral("192.0.2.77")), 0, Optional.empty(), 0);
        assertEquals(
                new CheckOutcome.LocalFault("no source address or port"),
                udp(foreign, false, "", ProbeTester.TIMEOUT_MS));
        Route noDevice = new Route(closedPort().target(), Optional.empty(), 0, Optional.of("vipd-none"), 0);
        assertEquals(new CheckOutcome.LocalFault("no such interface"), dns(noDevice, ProbeTester.TIMEOUT_MS));
    }

    @Test
    void aFloodOfForeignRepliesEndsWithTheTime() throws Exception {
        try (Server server = new Server((question, _) -> {
            List<byte[]> many = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                many.add(answer(question, 1, 0));
            }
            return many;
        })) {
            assertEquals("answer timed out after 300ms", dns(server.route(), SHORT_MS).text());
        }
    }

    private static CheckOutcome.Failed assertFailed(CheckOutcome outcome) {
        return (CheckOutcome.Failed) outcome;
    }
}
