package dev.vipd.healthcheck.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.healthcheck.ProbeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileProbeTest {
    @TempDir
    Path folder;

    private static String probe(Path path, boolean dynamic) throws Exception {
        return ProbeTester.once(new FileProbe(new ProbeConfig.File(path.toString(), dynamic))).text();
    }

    @ParameterizedTest
    @CsvSource({
        "1, passed, 'passed, weight 1'", "' 25 percent', passed, 'passed, weight 25'",
        "0, number is 0 or less, 'passed, weight 0'", "-5, number is 0 or less, 'passed, weight 0'",
        "99999999999, passed, 'passed, weight 2147483647'", "'', holds no number, holds no number",
        "up, holds no number, holds no number", "1x, holds no number, holds no number"
    })
    void theNumberDecides(String text, String outcome, String dynamicOutcome) throws Exception {
        Path file = folder.resolve("number");
        Files.writeString(file, text + "\n" + "rest ".repeat(1000));
        assertEquals(outcome, probe(file, false));
        assertEquals(dynamicOutcome, probe(file, true));
    }

    @Test
    void whatCanNotBeReadFails() throws Exception {
        assertEquals("no such file", probe(folder.resolve("missing"), false));
        assertEquals("not a file", probe(folder, true));
        assertEquals("not a file", probe(Path.of("/dev/null"), true));
    }

    @Test
    void whatMayNotBeReadFailsUnlessByRootWhoMayReadEverything() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "1");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assertEquals(Files.isReadable(file) ? "passed" : "permission denied", probe(file, false));
    }
}
