package dev.vipd.vrrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/rfc9568.md names tests: each exists, and each row of its tables names one or says that there is none. */
class Rfc9568PageTest {
    private static final Path PAGE = Path.of("../docs/rfc9568.md");
    private static final Pattern REFERENCE = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    @Test
    void eachTestThatIsNamedExists() throws IOException {
        Map<String, String> sources = sources();
        TreeSet<String> missing = new TreeSet<>();
        Matcher reference = REFERENCE.matcher(Files.readString(PAGE));
        int references = 0;
        for (; reference.find(); references++) {
            String source = sources.getOrDefault(reference.group(1), "");
            if (!source.contains("void " + reference.group(2) + "(")) {
                missing.add(reference.group());
            }
        }
        assertEquals(new TreeSet<>(), missing);
        assertTrue(references > 60, "the page was found, and read as it is written");
    }

    @Test
    void eachRowSaysWhichTestShowsIt() throws IOException {
        List<String> silent = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| ") && !line.endsWith("| test |"))
                .filter(line -> !REFERENCE.matcher(line).find() && !line.endsWith("| none |"))
                .toList();
        assertEquals(List.of(), silent);
    }

    private static Map<String, String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().endsWith("Test.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""), Rfc9568PageTest::read));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
