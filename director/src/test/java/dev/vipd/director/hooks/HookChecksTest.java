package dev.vipd.director.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.config.ConfigLoader;
import dev.vipd.director.config.ConfigResult;
import dev.vipd.director.config.Finding;
import dev.vipd.netlink.script.Accounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that checks name are looked at, and each problem has the place where its file is named first. */
class HookChecksTest {
    @TempDir
    Path dir;

    private ConfigResult examine(String checks) throws IOException {
        Path file = Files.writeString(dir.resolve("v.yaml"), "virtual_servers:\n  web:\n    address: 192.0.2.1:80\n"
                + "    real_servers:\n      - address: 192.0.2.11\n        checks:\n" + checks);
        return HookChecks.add(ConfigLoader.load(file), "f", Accounts.read());
    }

    @Test
    void shouldReportFilesThatAreNotThere() throws IOException {
        ConfigResult result = examine("""
                          - { https: { sni: a, ca: /nowhere/ca } }
                          - { https: { sni: a, ca: /nowhere/ca, certificate: /nowhere/c, key: /nowhere/k } }
                          - { script: { command: [ /nowhere/check, 192.0.2.11 ] } }
                """);
        assertTrue(result.config().isEmpty());
        String checks = "virtual_servers.web.real_servers[0].checks";
        assertEquals(
                List.of("f:7:36: " + checks + "[0].https.ca", "f:8:62: " + checks + "[1].https.certificate",
                        "f:8:79: " + checks + "[1].https.key", "f:9:34: " + checks + "[2].script.command"),
                result.findings().stream().map(f -> f.file() + ":" + f.line() + ":" + f.column() + ": " + f.path())
                        .toList());
        assertEquals("there is no /nowhere/c; give a PEM file of certificates",
                result.findings().get(1).message());
    }

    @Test
    void shouldAcceptWhatIsThere() throws IOException {
        ConfigResult result = examine("          - { script: { command: /bin/true } }\n");
        assertEquals(List.of(), result.findings().stream().map(Finding::toString).toList());
        assertTrue(result.config().isPresent());
    }
}
