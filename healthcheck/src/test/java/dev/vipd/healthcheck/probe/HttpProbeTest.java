package dev.vipd.healthcheck.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckConfig.StatusRange;
import dev.vipd.healthcheck.CheckOutcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One probe over a channel in memory, with a clock of its own; the deadline is 2 s. */
class HttpProbeTest {
    private static final long TIMEOUT_MS = 2000;

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(ticker).build();
    private final List<CheckOutcome> outcomes = new ArrayList<>();
    private int expectedOutcomes = 1;

    private String begin(CheckConfig.Http check) {
        ProbeRun run = new ProbeRun(
                channel.eventLoop(), ticker::nanoTime, check.timing().connectTimeoutNs(), outcomes::add);
        run.attach(channel);
        HttpProbe.begin(channel, check, run);
        ByteBuf request = channel.readOutbound();
        try {
            return request.toString(ISO_8859_1);
        } finally {
            request.release();
        }
    }

    private String begin() {
        return begin(Checks.http(8080, Checks.timing(1000, TIMEOUT_MS)));
    }

    private void receive(String bytes) {
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
        }
    }

    private void pass(long ms) {
        ticker.advanceMillis(ms);
        channel.runScheduledPendingTasks();
    }

    private void assertOutcome(String text) {
        assertEquals(List.of(text), outcomes.stream().map(CheckOutcome::text).toList());
    }

    @AfterEach
    void nothingIsLeftBehind() {
        pass(TIMEOUT_MS);
        pass(1);
        assertEquals(expectedOutcomes, outcomes.size());
        assertFalse(channel.isOpen(), "closed at the deadline at the latest");
        assertFalse(channel.hasPendingTasks());
        assertFalse(channel.finishAndReleaseAll());
    }

    @Test
    void asksForThePathWithTheTargetAsHost() {
        assertEquals(
                "GET /health HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: vipd\r\nAccept: */*\r\n"
                        + "Connection: close\r\n\r\n",
                begin());
        receive("HTTP/1.1 200 OK\r\n\r\n");
    }

    @Test
    void putsAnIpv6TargetInBracketsAndPrefersTheVirtualHost() {
        InetSocketAddress six = new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 80);
        List<StatusRange> statuses = List.of(new StatusRange(200, 200));
        CheckConfig.Http check =
                new CheckConfig.Http(six, Checks.timing(1000, TIMEOUT_MS), "/", Optional.empty(), statuses);
        assertTrue(begin(check).contains("\r\nHost: [2001:db8::1]:80\r\n"));
        check = new CheckConfig.Http(six, check.timing(), "/", Optional.of("www.example.org"), statuses);
        EmbeddedChannel other = EmbeddedChannel.builder().ticker(ticker).build();
        ProbeRun run = new ProbeRun(other.eventLoop(), ticker::nanoTime, 1000, _ -> {});
        HttpProbe.begin(other, check, run);
        ByteBuf request = other.readOutbound();
        assertTrue(request.toString(ISO_8859_1).contains("\r\nHost: www.example.org\r\n"));
        request.release();
        run.cancel();
        other.finishAndReleaseAll();
        receive("HTTP/1.1 200 OK\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({"101, false", "200, true", "299, true", "302, false", "404, false", "503, false", "999, false"})
    void theStatusDecides(int status, boolean passes) {
        begin();
        pass(30);
        receive("HTTP/1.1 " + status + " Whatever\r\nContent-Length: 0\r\n\r\n");
        assertOutcome(passes ? "passed" : "status " + status + ", want 200-299");
        long durationNs =
                switch (outcomes.getFirst()) {
                    case CheckOutcome.Passed passed -> passed.durationNs();
                    case CheckOutcome.Failed failed -> failed.durationNs();
                    case CheckOutcome.LocalFault _ -> -1;
                };
        assertEquals(TimeUnit.MILLISECONDS.toNanos(30), durationNs);
    }

    @Test
    void severalRangesAreNamedInTheReason() {
        List<StatusRange> ranges = List.of(new StatusRange(200, 204), new StatusRange(301, 301));
        CheckConfig.Http plain = Checks.http(80, Checks.timing(1000, TIMEOUT_MS));
        begin(new CheckConfig.Http(plain.target(), plain.timing(), "/", Optional.empty(), ranges));
        receive("HTTP/1.0 302 Found\r\nLocation: /elsewhere\r\n\r\n");
        assertOutcome("status 302, want 200-204,301");
    }

    @Test
    void decidesWhenTheHeaderIsCompleteAndReadsTheBodyOutBeforeItCloses() {
        begin();
        receive("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n");
        assertTrue(outcomes.isEmpty());
        receive("\r\n");
        assertOutcome("passed");
        receive("01234");
        assertTrue(channel.isOpen());
        receive("56789");
        assertFalse(channel.isOpen());
    }

    @Test
    void anEndlessBodyIsCutOff() {
        begin();
        receive("HTTP/1.1 200 OK\r\n\r\n");
        assertOutcome("passed");
        int sent = 0;
        for (; channel.isOpen() && sent < 1 << 20; sent += 1024) {
            receive("x".repeat(1024));
        }
        assertTrue(sent <= 96 * 1024, "read " + sent);
    }

    @Test
    void theStatusIsKnownThoughTheBodyBreaksOff() {
        begin();
        receive("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012");
        channel.close();
        assertOutcome("passed");
    }

    @Test
    void interimResponsesAreSkipped() {
        begin();
        receive("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
        assertTrue(outcomes.isEmpty());
        assertTrue(channel.isOpen());
        receive("HTTP/1.1 204 No Content\r\n\r\n");
        assertOutcome("passed");
    }

    @Test
    void endlessInterimResponsesFail() {
        begin();
        for (int i = 0; i < 10_000 && outcomes.isEmpty(); i++) {
            receive("HTTP/1.1 100 Continue\r\n\r\n");
        }
        assertOutcome("no final status in the first 16 KiB");
    }

    @Test
    void anEndlessHeaderFails() {
        begin();
        receive("HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < 10_000 && outcomes.isEmpty(); i++) {
            receive("X-Filler-" + i + ": y\r\n");
        }
        assertOutcome("response header longer than 8 KiB");
    }

    @Test
    void anEndlessStatusLineFails() {
        begin();
        for (int i = 0; i < 10_000 && outcomes.isEmpty(); i++) {
            receive("HTTP/1.1 200 O" + "O".repeat(100));
        }
        assertOutcome("response header longer than 8 KiB");
    }

    @Test
    void endlessEmptyLinesFail() {
        begin();
        for (int i = 0; i < 10_000 && outcomes.isEmpty(); i++) {
            receive("\r\n".repeat(50));
        }
        assertOutcome("no final status in the first 16 KiB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "220 mail.example.org ESMTP\r\n",
                "hello\r\n\r\n",
                "FTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 twohundred OK\r\n\r\n",
                "HTTP/1.1 -200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
                "<html>200 OK</html>\r\n"
            })
    void garbageFails(String garbage) {
        begin();
        receive(garbage);
        assertOutcome("malformed response");
    }

    @Test
    void closedWithoutAByte() {
        begin();
        channel.close();
        assertOutcome("connection closed before a response");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 2", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nServer: x\r\n"})
    void closedWithinTheHeader(String half) {
        begin();
        receive(half);
        channel.close();
        assertOutcome("connection closed within the response header");
    }

    @Test
    void aResetIsCalledSo() {
        begin();
        channel.pipeline().fireExceptionCaught(new IOException("Connection reset"));
        assertOutcome("connection reset");
    }

    @Test
    void silenceEndsAtTheDeadline() {
        begin();
        pass(TIMEOUT_MS - 1);
        assertTrue(outcomes.isEmpty());
        pass(1);
        assertOutcome("no response within 2s");
        assertFalse(channel.isOpen());
    }

    @Test
    void aDribbledReplyCannotStretchTheDeadline() {
        begin();
        String reply = "HTTP/1.1 200 OK\r\nServer: slow\r\n\r\n";
        for (int i = 0; i < reply.length(); i++) {
            receive(reply.substring(i, i + 1));
            pass(100);
        }
        long deadlineNs = TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        assertEquals(List.of(new CheckOutcome.Failed("response header incomplete after 2s", deadlineNs)), outcomes);
    }

    @Test
    void anOversleptDeadlineLetsTheSocketsSpeakFirst() {
        begin();
        pass(TIMEOUT_MS + 500);
        assertTrue(outcomes.isEmpty(), "the reply may lie unread in the socket");
        receive("HTTP/1.1 200 OK\r\n\r\n");
        assertOutcome("passed");
    }

    @Test
    void aLittleOversleptItIsStillTheServersFault() {
        begin();
        pass(TIMEOUT_MS + 500);
        pass(1);
        assertOutcome("no response within 2s");
    }

    @Test
    void farOversleptItIsOurs() {
        begin();
        pass(TIMEOUT_MS + 1000);
        pass(1);
        assertOutcome("local fault: the timer for 2s went off far too late");
    }

    @Test
    void aCancelledProbeReportsNothing() {
        ProbeRun run = new ProbeRun(channel.eventLoop(), ticker::nanoTime, 1_000_000_000, outcomes::add);
        run.attach(channel);
        HttpProbe.begin(channel, Checks.http(80, Checks.timing(1000, 1000)), run);
        channel.releaseOutbound();
        run.cancel();
        assertFalse(channel.isOpen());
        pass(5000);
        assertTrue(outcomes.isEmpty());
        expectedOutcomes = 0;
    }
}
