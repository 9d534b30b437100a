package dev.vipd.healthcheck.dialogue;

import static dev.vipd.healthcheck.dialogue.Requests.get;
import static dev.vipd.healthcheck.dialogue.Requests.http;
import static dev.vipd.healthcheck.dialogue.Talk.CLOSE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.HttpRequest.Header;
import dev.vipd.healthcheck.HttpRequest.StatusRange;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.ProbeConfig.HttpVersion;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Http1DialogueTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String EMPTY = OK + "Content-Length: 0\r\n\r\n";

    private static String end(String... lines) {
        return Talk.end(Http1Dialogue.scripts(http(false, get("/"))), lines);
    }

    private static String endKept(String... lines) {
        return Talk.end(Http1Dialogue.scripts(http(true, get("/"))), lines);
    }

    private static List<String> sent(ProbeConfig.Http config, String... lines) {
        return Talk.inAnyPieces(() -> new Http1Dialogue(config), lines).sent();
    }

    @Test
    void aRequestHasTheDefaultHeaders() {
        assertEquals(
                List.of("GET /health HTTP/1.1\r\nHost: 192.0.2.1:80\r\nUser-Agent: vipd\r\nAccept: */*\r\n"
                        + "Connection: close\r\n\r\n"),
                sent(http(false, get("/health")), EMPTY));
    }

    @Test
    void aConfiguredHeaderReplacesTheDefault() {
        HttpRequest request = Requests.request("POST", "/", "é", 0,
                new Header("host", "a.example"), new Header("USER-AGENT", "x"), new Header("X-Other", "y"));
        assertEquals(
                List.of("POST / HTTP/1.0\r\nAccept: */*\r\nConnection: keep-alive\r\nContent-Length: 2\r\n"
                        + "host: a.example\r\nUSER-AGENT: x\r\nX-Other: y\r\n\r\n\u00c3\u00a9"),
                sent(http(HttpVersion.HTTP_1_0, true, request), EMPTY));
    }

    @Test
    void theHostIsTheVirtualHostOrTheTarget() {
        HttpRequest named = new HttpRequest("PUT", "/", Optional.of("www.example"), List.of(), "", Requests.GOOD,
                List.of(), 0);
        assertEquals(
                List.of("PUT / HTTP/1.1\r\nHost: www.example\r\nUser-Agent: vipd\r\nAccept: */*\r\n"
                        + "Content-Length: 0\r\n\r\n"),
                sent(http(true, named), EMPTY));
        ProbeConfig.Http six = new ProbeConfig.Http(Requests.route("fe80::1%1", 80), Optional.empty(),
                HttpVersion.HTTP_1_1, true, List.of(get("/")));
        assertEquals("Host: [fe80:0:0:0:0:0:0:1]:80", sent(six, EMPTY).getFirst().split("\r\n")[1]);
    }

    @Test
    void allProbesOfACheckShareTheRequest() {
        Supplier<Dialogue> scripts = Http1Dialogue.scripts(http(false, get("/")));
        assertSame(scripts.get().begin(), scripts.get().begin());
    }

    @ParameterizedTest
    @CsvSource({
        "200, passed", "299, passed", "404, passed", "199, waits for header", "300, 'status 300, want 200-299,404'",
        "503, 'status 503, want 200-299,404'", "999, 'status 999, want 200-299,404'"
    })
    void theStatusDecidesWithTheEndOfTheHeader(int status, String outcome) {
        HttpRequest request = new HttpRequest("GET", "/", Optional.empty(), List.of(), "",
                List.of(new StatusRange(200, 299), new StatusRange(404, 404)), List.of(), 0);
        String end = Talk.end(() -> new Http1Dialogue(http(false, request)),
                "HTTP/1.1 " + status + " Whatever\r\nContent-Length: " + (status == 503 ? 9 : 0) + "\r\n\r\n");
        assertEquals(outcome, end);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 5\r\n\r\n01234", "content-length:\t5 \r\n\r\n01234", "Content-Length: 5, 5\r\n\r\n01234",
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\n01234", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, Chunked\r\n\r\n5\r\n01234\r\n00a ;x=\"y\"\r\n0123456789\r\n000\r\nT: u\r\n\r\n",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "X: y\r\n z\r\nContent-Length: 0\r\n\r\n"
    })
    void anExactlyFramedResponseLeavesTheConnectionReusable(String rest) {
        assertEquals("passed, reusable", endKept(OK + rest));
        assertEquals("passed", end(OK + rest));
        assertEquals("passed", endKept(OK + "Connection: x, CLOSE\r\n" + rest));
        String old = rest.contains("Transfer") ? "passed" : "passed, reusable";
        assertEquals("passed", endKept("HTTP/1.0 200 OK\r\n" + rest));
        assertEquals(old, endKept("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + rest));
    }

    @Test
    void aLengthBesideACodingIsNotBelieved() {
        assertEquals("passed", endKept(OK + "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    }

    @Test
    void bytesAfterTheResponseMakeTheConnectionUnusable() {
        Dialogue dialogue = new Http1Dialogue(http(true, get("/")));
        assertEquals("passed", Talk.whole(dialogue, EMPTY + "x").end());
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified", "101 Switching Protocols"})
    void someResponsesHaveNoBody(String status) {
        HttpRequest any = new HttpRequest("GET", "/", Optional.empty(), List.of(), "",
                List.of(new StatusRange(100, 599)), List.of(), 0);
        String end = Talk.end(() -> new Http1Dialogue(http(true, any)),
                "HTTP/1.1 " + status + "\r\nContent-Length: 7\r\n\r\n");
        assertEquals(status.startsWith("101") ? "passed" : "passed, reusable", end);
        assertEquals("passed, reusable", Talk.end(
                () -> new Http1Dialogue(http(true, Requests.request("HEAD", "/", "", 0))),
                OK + "Content-Length: 9999999\r\n\r\n"));
    }

    @Test
    void withoutALengthTheBodyEndsWithTheConnection() {
        assertEquals("passed", endKept(OK + "\r\nabc" + CLOSE));
        assertEquals("passed", endKept(OK + "Transfer-Encoding: gzip\r\n\r\nabc" + CLOSE));
        assertEquals("waits for body", end(OK + "\r\nabc"));
    }

    @Test
    void interimResponsesAreSkipped() {
        assertEquals("passed", end("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 204 No Content\r\n\r\n"));
    }

    @Test
    void linesMayEndWithoutCarriageReturnAndEmptyOnesComeFirst() {
        assertEquals("passed", end("\r\n\nHTTP/1.1 200\nContent-Length: 1\n\nx"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SSH-2.0-OpenSSH_9.2\r\n", "220 mail.example.org ESMTP\r\n", "hello", "FTP/1.1 200 OK\r\n\r\n", "HTTP/1.1\r\n",
        "HTTP/1.1 twohundred OK\r\n\r\n", "HTTP/1.1 -200 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.x 200 OK\r\n",
        "HTTP/1.1  200 OK\r\n", "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 099 OK\r\n", "\rHTTP/1.1 200 OK\r\n",
        OK + "Content-Length: many\r\n\r\n", OK + "Content-Length: -1\r\n\r\n", OK + "Content-Length:\r\n\r\n",
        OK + "Content-Length: 9999999999999999999\r\n\r\n", OK + "Content-Length: 1\r\n 2\r\n\r\n", OK + "no colon\r\n",
        OK + ": x\r\n", OK + "Content-Length : 1\r\n", OK + " folded: x\r\n", OK + "X: a\rb\r\n", OK + "X: a\0b\r\n",
        OK + "Transfer-Encoding: chunked, chunked\r\n", "<html>200 OK</html>\r\n"
    })
    void garbageFails(String garbage) {
        assertEquals("malformed response", end(garbage));
    }

    @Test
    void differingLengthsFail() {
        assertEquals("conflicting content-length", end(OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n"));
        assertEquals("conflicting content-length", end(OK + "Content-Length: 5, 6, 5\r\n\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "x\r\n", "\r\n", ";a\r\n", "5\r\n012345\r\n", "5\n01234\r\n", "5\r\n01234\n", "5x\r\n", "0;\n\r\n",
        "1234567890abcdef\r\n", "-1\r\n", "2\rx", "\u00b2\r\n"
    })
    void malformedChunksFail(String body) {
        assertEquals("malformed chunk", end(OK + "Transfer-Encoding: chunked\r\n\r\n" + body));
    }

    @Test
    void endlessTrailersAndExtensionsFail() {
        String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n";
        assertEquals("malformed chunk", end(chunked + "0\r\n" + "A: b\r\n".repeat(2000)));
        assertEquals("passed", end(chunked + "5;" + "x".repeat(70_000)), "64 KiB of it are enough anyway");
        HttpRequest judged = Requests.with(new HttpRequest.BodyRule.Regex("x", true));
        assertEquals("malformed chunk", Talk.whole(
                new Http1Dialogue(http(false, judged)), chunked + "5;" + "x".repeat(70_000)).end());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 5\r\n\r\n", "Content-Length: 5\r\n\r\n0123", "Transfer-Encoding: chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n0\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\n012"
    })
    void closedWithinTheBody(String rest) {
        assertEquals("connection closed within the body", end(OK + rest + CLOSE));
    }

    @Test
    void closedBeforeTheBody() {
        assertEquals("connection closed before a response", end(CLOSE));
        for (String half : List.of("H", "HTTP/1.1 2", OK, OK + "Server: x\r\n", "HTTP/1.1 100 Continue\r\n\r\n")) {
            assertEquals("connection closed within the response header", end(half + CLOSE));
        }
    }

    @Test
    void whatIsAwaitedIsTold() {
        assertEquals("waits for first byte", end());
        assertEquals("waits for header", end("H"));
        assertEquals("waits for body", end(OK + "Content-Length: 2\r\n\r\nx"));
    }

    @Test
    void whatHasNoEndIsCutOff() {
        assertEquals("no final status in the first 16 KiB", end("HTTP/1.1 100 Continue\r\n\r\n".repeat(1000)));
        assertEquals("no final status in the first 16 KiB", end("\r\n".repeat(10_000)));
        assertEquals("response header longer than 8 KiB", end(OK + "X-Filler: y\r\n".repeat(1000)));
        assertEquals("response header longer than 8 KiB", end("HTTP/1.1 200 O" + "O".repeat(9000)));
        assertEquals("passed", endKept(OK + "\r\n" + "x".repeat(64 * 1024)));
        assertEquals("passed", endKept(OK + "Content-Length: 999999999\r\n\r\n" + "x".repeat(64 * 1024)));
        assertEquals("waits for body", endKept(OK + "\r\n" + "x".repeat(64 * 1024 - 1)));
    }

    @Test
    void requestsFollowEachOtherOverOneConnection() {
        List<String> sent = sent(http(false, get("/a"), get("/b")), EMPTY, EMPTY);
        assertEquals("GET /a HTTP/1.1\r\nHost: 192.0.2.1:80\r\nUser-Agent: vipd\r\nAccept: */*\r\n\r\n", sent.get(0));
        assertEquals("GET /b HTTP/1.1\r\nHost: 192.0.2.1:80\r\nUser-Agent: vipd\r\nAccept: */*\r\n"
                + "Connection: close\r\n\r\n", sent.get(1));
        assertEquals(2, sent.size());
    }

    @Test
    void whereTheConnectionIsNotKeptTheNextRequestTakesANewOne() {
        String closing = OK + "Connection: close\r\nContent-Length: 0\r\n\r\n";
        for (String first : List.of(closing, OK + "\r\nbody" + CLOSE, OK + "\r\n" + "x".repeat(64 * 1024))) {
            Talk.Outcome outcome = Talk.inAnyPieces(
                    Http1Dialogue.scripts(http(true, get("/a"), get("/b"))), first, EMPTY);
            assertEquals("passed, reusable", outcome.end());
            assertEquals("reconnect", outcome.sent().get(1));
            assertEquals(3, outcome.sent().size());
        }
    }

    @Test
    void aKeptConnectionMayBeClosedBetweenRequestsOnce() {
        Supplier<Dialogue> two = Http1Dialogue.scripts(http(true, get("/a"), get("/b")));
        assertEquals("passed, reusable", Talk.end(two, EMPTY, CLOSE, EMPTY));
        assertEquals("connection closed before a response", Talk.end(two, EMPTY, CLOSE, CLOSE));
    }

    @Test
    void everyRequestMustPass() {
        Supplier<Dialogue> two = Http1Dialogue.scripts(http(true, get("/a"), get("/b")));
        assertEquals("status 500, want 200-299", Talk.end(two, EMPTY, "HTTP/1.1 500 No\r\n\r\n"));
        assertEquals("waits for first byte", Talk.end(two, EMPTY));
    }
}
