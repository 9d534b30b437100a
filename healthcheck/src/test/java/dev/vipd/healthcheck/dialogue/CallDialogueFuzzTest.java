package dev.vipd.healthcheck.dialogue;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.HttpRequest.Header;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.ProbeConfig.HttpVersion;
import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.dialogue.CallDialogue.Next;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Responses over HTTP/2 of parts drawn by lot: nothing is thrown, and every dialogue ends. */
class CallDialogueFuzzTest {
    private static final Route ROUTE = Route.to(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 80));
    private static final List<Header> FIELDS = List.of(
            new Header(":status", "200"), new Header(":status", "200"), new Header(":status", "103"),
            new Header(":status", "302"), new Header(":status", "x"), new Header("location", "/a"),
            new Header("location", "http://[::"), new Header("content-length", "99999999999999999999"),
            new Header("content-type", "application/grpc"), new Header("content-type", "text/html"),
            new Header("grpc-status", "0"), new Header("grpc-status", "5"), new Header("grpc-message", "%C3%"));
    private static final int PARTS_MAX = 2000;

    private final Random random = new Random(20261128);

    private void converse(Supplier<CallDialogue> dialogues) {
        int passed = 0;
        for (int i = 0; i < 20_000; i++) {
            CallDialogue dialogue = dialogues.get();
            dialogue.call();
            Next next = Next.WAIT;
            int parts = 0;
            while (next instanceof Next.Wait || next instanceof Next.Call) {
                assertTrue(parts++ < PARTS_MAX, "ends");
                assertFalse(dialogue.awaited().isEmpty());
                assertFalse(dialogue.closed().isEmpty());
                next = part(dialogue);
            }
            passed += next instanceof Next.Passed ? 1 : 0;
        }
        assertTrue(passed > 0, "some of them are good");
    }

    private Next part(CallDialogue dialogue) {
        boolean end = random.nextInt(4) == 0;
        if (random.nextInt(3) > 0) {
            List<Header> fields = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                fields.add(FIELDS.get(random.nextInt(FIELDS.size())));
            }
            return dialogue.onFields(fields, end);
        }
        byte[] data = {0, 0, 0, 0, 2, 8, 1, 9};
        if (random.nextBoolean()) {
            data[random.nextInt(data.length)] = (byte) random.nextInt();
        }
        return dialogue.onData(ByteBuffer.wrap(data, 0, random.nextInt(4) == 0 ? 8 : 7), end);
    }

    @Test
    void http() {
        HttpRequest request = new HttpRequest("GET", "/", Optional.empty(), List.of(), "",
                List.of(new HttpRequest.StatusRange(200, 299)),
                List.of(new HttpRequest.BodyRule.Regex("\1", true)), 3);
        converse(Http2Dialogue.scripts(new ProbeConfig.Http(
                ROUTE, Optional.empty(), HttpVersion.HTTP_2, false, List.of(request, request))));
    }

    @Test
    void grpc() {
        ProbeConfig.Grpc grpc = new ProbeConfig.Grpc(ROUTE, Optional.empty(), "", Optional.empty());
        converse(() -> new GrpcDialogue(grpc));
    }
}
