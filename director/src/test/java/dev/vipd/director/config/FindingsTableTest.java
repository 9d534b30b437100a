package dev.vipd.director.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * config/findings.txt: a case begins with {@code ### name}, then comes the configuration, then after {@code >>>}
 * exactly what is reported, and {@code usable} if the configuration is accepted in spite of it.
 */
class FindingsTableTest {
    record Case(String name, String yaml, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        String table;
        try (InputStream in = FindingsTableTest.class.getResourceAsStream("/config/findings.txt")) {
            table = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<Case> cases = new ArrayList<>();
        for (String block : table.split("(?m)^### ")) {
            if (block.isEmpty()) {
                continue;
            }
            int yaml = block.indexOf('\n') + 1;
            int expected = block.indexOf("\n>>>\n");
            cases.add(new Case(
                    block.substring(0, yaml - 1), block.substring(yaml, expected + 1), block.substring(expected + 5)));
        }
        return cases.stream();
    }

    @Test
    void shouldReadTheWholeTable() throws IOException {
        assertTrue(cases().count() >= 140, "cases: " + cases().count());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldReportExactly(Case c) {
        ConfigResult result = ConfigLoader.load(c.yaml(), "f");
        StringBuilder actual = new StringBuilder();
        result.findings().forEach(finding -> actual.append(finding).append('\n'));
        actual.append(result.config().isPresent() ? "usable\n" : "");
        assertEquals(c.expected(), actual.toString());
    }
}
