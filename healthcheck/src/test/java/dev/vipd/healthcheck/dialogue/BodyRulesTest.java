package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.HttpRequest.BodyRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyRulesTest {
    private static final String MD5_OF_ABC = "900150983cd24fb0d6963f7d28e17f72";

    private static String end(String body, BodyRule... rules) {
        String bytes = new String(body.getBytes(UTF_8), ISO_8859_1);
        return Talk.end(Http1Dialogue.scripts(Requests.http(false, Requests.with(rules))),
                "HTTP/1.1 200 OK\r\nContent-Length: " + bytes.length() + "\r\n\r\n" + bytes);
    }

    private static BodyRule regex(String pattern) {
        return new BodyRule.Regex(pattern, true);
    }

    private static BodyRule json(String pointer, String value) {
        return new BodyRule.Json(pointer, Optional.ofNullable(value));
    }

    @Test
    void aRegexMustMatchOrMustNot() {
        assertEquals("passed", end("all is wéll", regex("w.ll$")));
        assertEquals("regex did not match the body", end("all is bad", regex("well")));
        assertEquals("passed", end("fine", new BodyRule.Regex("error", false)));
        assertEquals("regex_no_match matched the body", end("an error", new BodyRule.Regex("error", false)));
        assertEquals("passed", end("", regex("^$")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+$", "(a|aa)+$", "(.*a){25}$", "a*a*a*b", "(x?a){1,20}(a|aa){1,40}b", "(a|b|c)*$"})
    void aCatastrophicRegexEndsQuickly(String pattern) {
        String body = "a".repeat(200_000) + "!";
        assertEquals("regex took too many steps", assertTimeoutPreemptively(Duration.ofSeconds(20),
                () -> Talk.whole(
                        new Http1Dialogue(Requests.http(false, Requests.with(regex(pattern)))),
                        "HTTP/1.1 200 OK\r\n\r\n" + body + Talk.CLOSE).end()));
    }

    @Test
    void aPatternIsCompiledOnceForAllChecks() {
        assertSame(Patterns.of("one (of) many"), Patterns.of("one (of) many"));
        for (int i = 0; i < 1000; i++) {
            assertEquals("p" + i, Patterns.of("p" + i).pattern());
        }
    }

    @Test
    void aDigestIsOfTheWholeBody() {
        assertEquals("passed", end("abc", new BodyRule.Digest("MD5", MD5_OF_ABC)));
        assertEquals("md5 of the body differs", end("abd", new BodyRule.Digest("MD5", MD5_OF_ABC)));
        assertEquals("sha-1 of the body differs", end("", new BodyRule.Digest("SHA-1", "0".repeat(40))));
        assertEquals("passed", end("abc", new BodyRule.Digest("SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
                regex("b"), new BodyRule.Digest("MD5", MD5_OF_ABC)));
    }

    @Test
    void allRulesMustHold() {
        assertEquals("regex did not match the body", end("abc", regex("a"), regex("d")));
    }

    @Test
    void aBodyTooLongFailsUnlessItIsOnlyHashed() {
        String header = "HTTP/1.1 200 OK\r\n";
        String mib = "x".repeat(1 << 20);
        Http1Dialogue known = new Http1Dialogue(Requests.http(false, Requests.with(regex("x"))));
        assertEquals("body longer than 1 MiB", Talk.whole(known, header + "Content-Length: 1048577\r\n\r\n").end());
        for (String frame : List.of("", "Transfer-Encoding: chunked\r\n")) {
            String start = header + frame + "\r\n" + (frame.isEmpty() ? "" : "200000\r\n");
            Http1Dialogue unknown = new Http1Dialogue(Requests.http(false, Requests.with(regex("x"))));
            assertEquals("body longer than 1 MiB", Talk.whole(unknown, start + mib + "x").end());
            Http1Dialogue just = new Http1Dialogue(Requests.http(false, Requests.with(regex("x"))));
            assertEquals("waits for body", Talk.whole(just, start + mib).end());
        }
        Http1Dialogue hashed = new Http1Dialogue(
                Requests.http(false, Requests.with(new BodyRule.Digest("MD5", "0".repeat(32)))));
        assertEquals("md5 of the body differs", Talk.whole(
                hashed, header + "Content-Length: 2097152\r\n\r\n" + mib + mib).end());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "/status/db, up", "/n, 1", "/n, 1.0", "/n, 10e-1", "/t, true", "/list/1/x, null", "/list/0, 5", "/a~1b/~0, y",
        "/esc, `é\"\\/\t😀`", "/twice, 2", "/huge, 1e400", "//, empty", "/5, 5"
    })
    void aValueIsFoundByItsPointer(String pointer, String value) {
        String body = """
                {"status": {"x": [{"db": 1}], "db":"up"}, "n":1.00,"t":true, "list":[5,{"x":null}],"twice":{"y":1},
                 "a/b":{"~":"y"},"esc":"\\u00e9\\"\\\\\\/\\t\\ud83d\\ude00", "twice":2,
                 "huge": 1E+400,"":{"":"empty"}, "5":"5"}
                """;
        assertEquals("passed", end(body, json(pointer, value)));
        assertEquals("passed", end(body, json(pointer, null)));
        assertEquals("passed", end(body, json("", null)));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "`{\"db\":\"down\"}`, /db, up, `json /db is \"down\", want \"up\"`",
        "`{\"db\":3}`, /db, 4, `json /db is 3, want 4`",
        "`{\"db\":3}`, /db, up, `json /db is 3, want \"up\"`",
        "`{\"db\":null}`, /db, true, `json /db is null, want true`",
        "`{\"db\":[]}`, /db, up, `json /db is an array, want \"up\"`",
        "`{\"db\":{}}`, /db, up, `json /db is an object, want \"up\"`",
        "`{\"db\":\"a\\nb\"}`, /db, up, `json /db is \"a?b\", want \"up\"`",
        "`{}`, /db, up, `json /db is not there`", "`[1]`, /1, 1, `json /1 is not there`",
        "`[1]`, /00, 1, `json /00 is not there`", "`[1]`, /-, 1, `json /- is not there`",
        "`{\"db\":{\"x\":1},\"db\":2}`, /db/x, 1, `json /db/x is not there`",
        "`5`, ``, 6, `json is 5, want 6`", "`5`, /a, 6, `json /a is not there`"
    })
    void aValueThatDiffersIsShown(String body, String pointer, String value, String reason) {
        assertEquals(reason, end(body, json(pointer, value)));
    }

    @Test
    void aLongValueIsCut() {
        assertEquals("json /db is \"" + "x".repeat(46) + "…",
                end("{\"db\":\"" + "x".repeat(5000) + "\"}", json("/db", "up")));
        assertEquals("passed", end("1" + "0".repeat(500), json("", "1" + "0".repeat(500))));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "{", "}", "{\"a\"}", "{\"a\":1,}", "[1,]", "[1 2]", "01", "1.", "1e", "-", "+1", ".5", "tru", "nul",
        "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\\u12", "\"a\tb\"", "1 1", "{a:1}", "{\"a\":1}x",
        "NaN", "'a'", "[", "[[]", "\\"
    })
    void whatIsNotJsonFails(String body) {
        assertEquals("body is not json", end(body, json("/a", null)));
    }

    @Test
    void nestingIsBounded() {
        assertEquals("passed", end("[".repeat(64) + "]".repeat(64), json("/0/0", null)));
        assertEquals("body is not json", end("[".repeat(65) + "]".repeat(65), json("/0/0", null)));
        assertEquals("body is not json", end("{\"a\":".repeat(10_000), json("", null)));
    }

    @Test
    void whatIsWrongWithARuleIsTold() {
        assertEquals(Optional.empty(), BodyRules.problem(regex("a+")));
        assertEquals(Optional.of("unclosed group at index 2"), BodyRules.problem(regex("(a")));
        assertEquals(Optional.of("dangling meta character '*' at index 0"), BodyRules.problem(regex("*")));
        assertTrue(BodyRules.problem(regex("(".repeat(200_000))).isPresent());
        assertEquals(Optional.empty(), BodyRules.problem(new BodyRule.Digest("MD5", MD5_OF_ABC)));
        assertEquals(Optional.of("has 31 digits, MD5 has 32"),
                BodyRules.problem(new BodyRule.Digest("MD5", MD5_OF_ABC.substring(1))));
        assertEquals(Optional.of("no hexadecimal digit in lower case at index 0"),
                BodyRules.problem(new BodyRule.Digest("MD5", "A" + MD5_OF_ABC.substring(1))));
        assertEquals(Optional.of("there is no digest CRC, use MD5, SHA-1 or SHA-256"),
                BodyRules.problem(new BodyRule.Digest("CRC", "")));
        assertEquals(Optional.empty(), BodyRules.problem(json("/a~0b/~1", null)));
        assertEquals(Optional.of("a JSON pointer begins with a slash"), BodyRules.problem(json("a", null)));
        assertEquals(Optional.of("~ at index 2 must be written ~0"), BodyRules.problem(json("/a~2", null)));
        assertThrows(IllegalArgumentException.class, () -> BodyRules.of(List.of(regex("("))));
    }
}
