package dev.vipd.director.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/keepalived.md tells the truth about which words of keepalived are keys. */
class KeepalivedPageTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern KEY = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE);
    private static final Pattern ROW = Pattern.compile("^\\| (.*?) \\| (.*?) \\| .* ?\\|$", Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("`([a-z]\\w+)`");

    private static Set<String> keys() throws IOException {
        return KEY.matcher(Files.readString(DOCS.resolve("configuration.md"))).results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The words in the first column of the rows whose second column is {@code vipd}. */
    private static List<String> words(String vipd) throws IOException {
        return ROW.matcher(Files.readString(DOCS.resolve("keepalived.md"))).results()
                .filter(row -> row.group(2).equals(vipd))
                .map(row -> row.group(1))
                .flatMap(column -> WORD.matcher(column).results().map((MatchResult word) -> word.group(1)))
                .toList();
    }

    @Test
    void whatIsTheSameIsAKey() throws IOException {
        List<String> same = words("same");
        assertTrue(same.size() > 60, same::toString);
        Set<String> unknown = new TreeSet<>(same);
        unknown.removeAll(keys());
        assertEquals(Set.of(), unknown);
    }

    @Test
    void whatIsNotThereIsRefusedByName() throws IOException {
        List<String> missing = words("–");
        assertTrue(missing.size() > 60, missing::toString);
        Set<String> keys = keys();
        for (String word : missing) {
            assertTrue(!keys.contains(word), word + " is a key");
            assertTrue(!Keywords.hint(word).equals(Optional.empty()), word + " is only an unknown key");
        }
    }
}
