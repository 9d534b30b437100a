package dev.vipd.healthcheck.dialogue;

import static dev.vipd.healthcheck.dialogue.Talk.CLOSE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.HttpRequest.Header;
import dev.vipd.healthcheck.ProbeConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, section 15.4, and RFC 3986, section 5. */
class Http1RedirectTest {
    private static final String EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static String to(int status, String location) {
        return "HTTP/1.1 " + status + " Moved\r\nLocation: " + location + "\r\nContent-Length: 3\r\n\r\nabc";
    }

    private static ProbeConfig.Http following(boolean keepAlive, String method, int max, Header... headers) {
        String body = method.equals("POST") ? "body" : "";
        return Requests.http(keepAlive, Requests.request(method, "/a/b?q", body, max, headers));
    }

    private static Talk.Outcome talk(ProbeConfig.Http config, String... lines) {
        return Talk.inAnyPieces(Http1Dialogue.scripts(config), lines);
    }

    @ParameterizedTest
    @CsvSource({
        "/x, 192.0.2.1:80, /x", "x?y#z, 192.0.2.1:80, /a/x?y", "../x, 192.0.2.1:80, /x", "?z, 192.0.2.1:80, /a/b?z",
        "./, 192.0.2.1:80, /a/", "/x/./y/../../../z/.., 192.0.2.1:80, /", "/x?a=/../b, 192.0.2.1:80, /x?a=/../b",
        "#top, 192.0.2.1:80, /a/b?q", "http://o.example/x, o.example, /x",
        "HTTP://u:p@o.example:8080, o.example:8080, /",
        "//o.example?x, o.example, /?x", "'http://[2001:db8::1]:80/', '[2001:db8::1]:80', /",
        "/a b\u00e9, 192.0.2.1:80, /a%20b%E9"
    })
    void theTargetIsResolved(String location, String host, String path) {
        Talk.Outcome outcome = talk(following(true, "GET", 1), to(302, location), EMPTY);
        assertEquals("passed, reusable", outcome.end());
        assertEquals(
                "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: vipd\r\nAccept: */*\r\n\r\n",
                outcome.sent().getLast());
        assertEquals(2, outcome.sent().size(), "the connection is kept");
    }

    @ParameterizedTest
    @CsvSource({
        "301, POST, GET", "302, POST, GET", "303, POST, GET", "307, POST, POST", "308, POST, POST", "303, HEAD, HEAD",
        "301, PUT, PUT", "303, PUT, GET"
    })
    void theMethodChangesWhereItHasTo(int status, String method, String then) {
        Header type = new Header("Content-Type", "text/plain");
        String answer = method.equals("HEAD") ? "HTTP/1.1 303 See\r\nLocation: /\r\n\r\n" : to(status, "/");
        String last = talk(following(true, method, 1, type), answer, EMPTY).sent().getLast();
        assertEquals(then, last.substring(0, last.indexOf(' ')));
        assertEquals(then.equals(method), last.contains("Content-Type"));
        assertEquals(then.equals("POST"), last.endsWith("body"));
    }

    @Test
    void anotherHostReplacesAConfiguredOne() {
        ProbeConfig.Http config = following(true, "GET", 1, new Header("Host", "old.example"));
        List<String> sent = talk(config, to(301, "//new.example/"), EMPTY).sent();
        assertEquals("Host: old.example", sent.get(0).split("\r\n")[3]);
        assertEquals("Host: new.example", sent.get(1).split("\r\n")[1]);
    }

    @Test
    void theServerClosesInBetween() {
        Talk.Outcome outcome = talk(following(false, "GET", 1), to(301, "/x") + CLOSE, EMPTY);
        assertEquals("passed", outcome.end());
        assertEquals("reconnect", outcome.sent().get(1));
        String closing = "HTTP/1.1 301 Moved\r\nConnection: close\r\nLocation: /x\r\nContent-Length: 99\r\n\r\n";
        assertEquals("passed, reusable", talk(following(true, "GET", 1), closing + CLOSE, EMPTY).end());
    }

    @Test
    void tooManyFail() {
        String again = to(302, "/x");
        assertEquals("passed", talk(following(false, "GET", 3), again, again, again, EMPTY).end());
        assertEquals("more than 3 redirects", talk(following(false, "GET", 3), again, again, again, again).end());
        assertEquals("more than 1 redirect", talk(following(false, "GET", 1), again, again).end());
    }

    @Test
    void eachRequestMayBeRedirected() {
        HttpRequest request = Requests.request("GET", "/", "", 1);
        assertEquals("passed", talk(
                Requests.http(false, request, request), to(302, "/x"), EMPTY, to(302, "/y"), EMPTY).end());
    }

    @Test
    void aRedirectThatIsNotFollowedIsAStatus() {
        assertEquals("status 302, want 200-299", talk(following(false, "GET", 0), to(302, "/x")).end());
        assertEquals("status 304, want 200-299", talk(following(false, "GET", 1), to(304, "/x")).end());
        assertEquals("status 302, want 200-299", talk(following(false, "GET", 1), "HTTP/1.1 302 Found\r\n\r\n").end());
    }

    @Test
    void theSchemeStays() {
        assertEquals("redirected to another scheme",
                talk(following(false, "GET", 1), to(302, "https://192.0.2.1/")).end());
        assertEquals("redirected to another scheme", talk(following(false, "GET", 1), to(302, "ftp:x")).end());
        HttpRequest request = Requests.request("GET", "/", "", 1);
        assertEquals("redirected to another scheme", talk(Requests.https(request), to(302, "http://a/")).end());
        assertEquals("passed", talk(Requests.https(request), to(302, "https://a/"), EMPTY).end());
    }

    @ParameterizedTest
    @CsvSource({"http:x", "http://", "//a b/", "///x", "//a<b"})
    void aTargetThatIsNoneFails(String location) {
        assertEquals("malformed location", talk(following(false, "GET", 1), to(302, location)).end());
    }

    @Test
    void aTargetThatGrowsIsBounded() {
        String longer = to(302, "x".repeat(3000) + "/");
        assertEquals("malformed location", talk(following(false, "GET", 9), longer, longer, longer).end());
    }
}
