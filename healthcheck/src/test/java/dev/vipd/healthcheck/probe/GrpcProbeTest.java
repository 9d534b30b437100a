package dev.vipd.healthcheck.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.TlsConfig;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** grpc.health.v1.Health/Check against a server on loopback. */
class GrpcProbeTest {
    private static final String SERVING = "\0\0\0\0\2\10\1";

    private static String once(Route route, Optional<TlsConfig> tls, String service) throws Exception {
        return ProbeTester.once(new GrpcProbe(new ProbeConfig.Grpc(route, tls, service, Optional.empty()))).text();
    }

    private static void reply(Http2Server.Request request, String message, String... trailer) {
        request.fields(false, ":status", "200", "content-type", "application/grpc+proto")
                .data(false, message)
                .fields(true, trailer);
    }

    private static String answered(Http2Server.Answer answer) throws Exception {
        try (Http2Server server = new Http2Server(answer)) {
            return once(server.route(), Optional.empty(), "");
        }
    }

    @Test
    void callsTheHealthService(@TempDir Path folder) throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Http2Server.Answer answer = request -> {
            seen.add(request.headers().method() + " " + request.headers().scheme() + " " + request.path());
            seen.add(request.headers().get("content-type") + " " + request.headers().get("te"));
            seen.add(request.body());
            reply(request, SERVING, "grpc-status", "0");
        };
        try (Http2Server server = new Http2Server(answer)) {
            assertEquals("passed", once(server.route(), Optional.empty(), ""));
        }
        assertEquals(
                List.of("POST http /grpc.health.v1.Health/Check", "application/grpc trailers", "\0\0\0\0\0"), seen);
        seen.clear();
        Certificates certificates = new Certificates(folder);
        String service = "s".repeat(130);
        try (Http2Server server = new Http2Server(certificates.context(certificates.server()), "h2", answer)) {
            assertEquals("passed", once(server.route(), Optional.of(certificates.trusting()), service));
        }
        assertEquals("POST https /grpc.health.v1.Health/Check", seen.getFirst());
        assertEquals("\0\0\0\0\u0085\n\u0082\1" + service, seen.getLast());
    }

    @ParameterizedTest
    @CsvSource({
        "0801, passed", "0802, grpc status NOT_SERVING", "0803, grpc status SERVICE_UNKNOWN",
        "'', grpc status UNKNOWN", "0809, grpc status 9", "08020801, passed", "12026869 08011d00000000, passed",
        "08, malformed reply", "0affff03, malformed reply", "0b, malformed reply",
        "0affffffffffffffffff01, malformed reply",
        "08ffffffffffffffffff01, malformed reply"
    })
    void theReplyDecides(String hex, String text) throws Exception {
        byte[] message = HexFormat.of().parseHex(hex.replace(" ", ""));
        String bytes = new String(message, ISO_8859_1);
        assertEquals(text, answered(request ->
                reply(request, "\0\0\0\0" + (char) message.length + bytes, "grpc-status", "0")));
    }

    @ParameterizedTest
    @CsvSource({
        "12, '', grpc error 12 (UNIMPLEMENTED)",
        "5, unknown service, grpc error 5 (NOT_FOUND): unknown service",
        "14, 50%25 %C3%BC %zz %, grpc error 14 (UNAVAILABLE): 50% ü %zz %",
        "99, '', grpc error 99"
    })
    void anErrorIsNamed(String status, String message, String text) throws Exception {
        assertEquals(text, answered(request -> request.fields(true, ":status", "200", "content-type",
                "application/grpc", "grpc-status", status, "grpc-message", message)));
        assertEquals(text, answered(request -> reply(request, "", "grpc-status", status, "grpc-message", message)));
    }

    @Test
    void whatIsNoReplyFails() throws Exception {
        assertEquals("status 503, want 200", answered(request -> request.fields(true, ":status", "503")));
        assertEquals("response is not grpc",
                answered(request -> request.fields(false, ":status", "200", "content-type", "text/html")));
        assertEquals("no grpc-status", answered(request -> reply(request, SERVING, "x", "y")));
        assertEquals("no grpc-status", answered(request -> request
                .fields(false, ":status", "200", "content-type", "application/grpc").data(true, SERVING)));
        assertEquals("compressed reply", answered(request -> reply(request, "\1\0\0\0\2\10\1", "grpc-status", "0")));
        assertEquals("malformed reply", answered(request -> reply(request, "\0\0\0", "grpc-status", "0")));
        assertEquals("malformed reply", answered(request -> reply(request, SERVING + "x", "grpc-status", "0")));
        assertEquals("reply longer than 4 KiB", answered(request -> reply(request, "x".repeat(5000), "x", "y")));
    }
}
