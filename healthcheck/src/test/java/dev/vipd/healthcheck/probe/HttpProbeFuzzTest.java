package dev.vipd.healthcheck.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.vipd.healthcheck.CheckOutcome;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a server sends, in whatever pieces: one outcome, no exception. */
class HttpProbeFuzzTest {
    private static final String GOOD = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\n01234";

    @Test
    void randomBytesFail() {
        Random random = new Random(42);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[random.nextInt(40_000)];
            random.nextBytes(bytes);
            assertInstanceOf(CheckOutcome.Failed.class, probe(bytes, random), "round " + round);
        }
    }

    @Test
    void aGoodResponsePassesInAnyPieces() {
        Random random = new Random(43);
        for (int round = 0; round < 500; round++) {
            assertInstanceOf(CheckOutcome.Passed.class, probe(GOOD.getBytes(ISO_8859_1), random), "round " + round);
        }
    }

    @Test
    void aDamagedResponseHasOneOutcome() {
        Random random = new Random(44);
        for (int round = 0; round < 5000; round++) {
            byte[] bytes = GOOD.getBytes(ISO_8859_1);
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            probe(bytes, random);
        }
    }

    private static CheckOutcome probe(byte[] reply, Random random) {
        MockTicker ticker = Ticker.newMockTicker();
        EmbeddedChannel channel = EmbeddedChannel.builder().ticker(ticker).build();
        List<CheckOutcome> outcomes = new ArrayList<>();
        ProbeRun run = new ProbeRun(channel.eventLoop(), ticker::nanoTime, 1_000_000_000, outcomes::add);
        run.attach(channel);
        HttpProbe.begin(channel, Checks.http(80, Checks.timing(1000, 1000)), run);
        for (int from = 0; from < reply.length && channel.isOpen(); ) {
            int to = Math.min(reply.length, from + 1 + random.nextInt(3000) % reply.length);
            channel.writeInbound(Unpooled.copiedBuffer(reply, from, to - from));
            from = to;
        }
        channel.close();
        channel.checkException();
        channel.finishAndReleaseAll();
        assertEquals(1, outcomes.size());
        return outcomes.getFirst();
    }
}
