package dev.vipd.director.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small languages inside scalars: durations, command lines, and the spelling of keys. */
class WordsTest {
    @ParameterizedTest
    @CsvSource({"0,0,0s", "1,1000000000,1s", "1s,1000000000,1s", "100ms,100000000,100ms", "250us,250000,250us",
        "0.5s,500000000,500ms", "0.001us,1,0.001us", "5m,300000000000,5m", "1h,3600000000000,1h", "90s,90000000000,90s",
        "40.95s,40950000000,40.95s", "1.5h,5400000000000,90m", "9223372036.854775807s,9223372036854775807,"
            + "9223372036.854775807s", "999999999999999999h,9223372036854775807,9223372036.854775807s"})
    void shouldReadAndWriteDurations(String text, long ns, String written) {
        assertEquals(Optional.of(ns), Durations.parse(text));
        assertEquals(written, Durations.format(ns));
        assertEquals(Optional.of(ns), Durations.parse(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "1 s", "-1s", "+1s", "1S", "1sec", "1d", "01s", "010", ".5s", "1.s", "0.0001us",
        "1e3", "22:22", "1_000", "0x10", "1s1s", "\u0661s"})
    void shouldRefuseWhatIsNoDuration(String text) {
        assertEquals(Optional.empty(), Durations.parse(text));
    }

    @Test
    void shouldSplitWordsLikeAShell() {
        assertEquals(List.of("a", "b"), ShellWords.split("  a\t b\n").words());
        assertEquals(List.of("a b", "c d", "e f"), ShellWords.split("'a b' \"c d\" e\\ f").words());
        assertEquals(List.of("it's", "", ""), ShellWords.split("it\\''s' '' \"\"").words());
        assertEquals(List.of("a\\b", "\"\\n$"), ShellWords.split("'a\\b' \"\\\"\\n\\$\"").words());
        assertEquals(List.of("x=y z"), ShellWords.split("x='y z'").words());
        assertEquals(Optional.of("|"), ShellWords.split("a | b > c").operator());
        assertEquals(Optional.empty(), ShellWords.split("sh -c 'a | b' \\| \"*\"").operator());
    }

    @Test
    void shouldFindTheWordThatWasMeant() {
        List<String> known = List.of("priority", "rise", "preempt", "nopreempt");
        assertEquals(Optional.of("priority"), Spelling.nearest("pirority", known));
        assertEquals(Optional.of("priority"), Spelling.nearest("PRIORTY", known));
        assertEquals(Optional.of("rise"), Spelling.nearest("rsie", known));
        assertEquals(Optional.of("nopreempt"), Spelling.nearest("no_preempt", known));
        assertEquals(Optional.empty(), Spelling.nearest("fall", known));
        assertEquals(Optional.empty(), Spelling.nearest("x", List.of("y")));
        assertEquals(1, Spelling.distance("ab", "ba"));
        assertEquals(3, Spelling.distance("kitten", "sitting"));
    }

    @Test
    void shouldShowForeignTextSafely() {
        assertEquals("\"a\\u001b[31m\\u000a\\ud800\\u202e\u00e4\"", Spelling.quote("a\u001b[31m\n\uD800\u202e\u00e4"));
        assertEquals("\"" + "x".repeat(60) + "...\"", Spelling.quote("x".repeat(61)));
    }
}
