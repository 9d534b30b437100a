package dev.vipd.director.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.control.ControlClient;
import dev.vipd.director.control.ControlServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {
    private static final Option COUNT = new Option(List.of("-n", "--count"), "N", "how many");

    @TempDir
    Path dir;

    private record Outcome(int status, String out, String err) {}

    private static Outcome run(List<Command> commands, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status;
        try (PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            status = new Cli(commands).run(List.of(words), outStream, errStream);
        }
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Outcome vipd(String... words) {
        return run(Main.commands(), words);
    }

    /** A command that prints what it was given and ends with status 7. */
    private static Outcome echo(String... words) {
        Command echo = new Command("echo", "[WORD...]", "Repeat", List.of(COUNT), List.of("7  always"),
                (args, out, err) -> {
                    out.print(args.value(COUNT).orElse("-") + " " + args.socket() + " " + args.json() + " "
                            + args.operands());
                    return 7;
                });
        return run(List.of(echo), words);
    }

    @Test
    void shouldTakeArgumentsApart() {
        assertEquals(new Outcome(7, "- /run/vipd/control.sock false []", ""), echo("echo"));
        assertEquals(new Outcome(7, "3 /s true [a, b, -]", ""),
                echo("echo", "a", "-n", "3", "--json", "b", "--socket=/s", "-"));
        assertEquals(new Outcome(7, "- /run/vipd/control.sock false [-3]", ""), echo("echo", "-3"));
        assertEquals(new Outcome(7, "= /run/vipd/control.sock false [--json]", ""),
                echo("echo", "--count==", "--", "--json"));
        assertEquals(new Outcome(7, "--json /run/vipd/control.sock false []", ""), echo("echo", "-n", "--json"));
    }

    @Test
    void shouldExplainWhatItCannotUnderstand() {
        assertEquals("vipd: unknown command \"chekc\"; did you mean check? (see vipd --help)\n", failed("chekc"));
        assertEquals("vipd: unknown command \"x\"; known: run, check, doctor, status, ipvs, reload, failover,"
                + " maintenance, drain, disable, enable, weight, realserver, verify"
                + " (see vipd --help)\n",
                failed("x"));
        assertEquals("vipd: unknown option \"--versoin\"; did you mean --version? (see vipd --help)\n",
                failed("--versoin"));
        assertEquals("vipd check: unknown option \"--jsno\"; did you mean --json? (see vipd check --help)\n",
                failed("check", "--jsno"));
        assertEquals("vipd check: option --json takes no value (see vipd check --help)\n",
                failed("check", "--json=yes"));
        assertEquals("vipd run: option -c needs a value: -c, --config FILE (see vipd run --help)\n",
                failed("run", "-c"));
        assertEquals("vipd check: FILE is missing (see vipd check --help)\n", failed("check"));
        assertEquals("vipd check: one FILE is enough, 2 are given (see vipd check --help)\n",
                failed("check", "a", "b"));
        for (String[] wrong : List.of(
                new String[] {"maintenance"}, new String[] {"maintenance", "VI_1"},
                new String[] {"maintenance", "on", "a", "b"})) {
            assertEquals("vipd maintenance: give on or off, and then an instance or nothing for the whole node"
                    + " (see vipd maintenance --help)\n", failed(wrong));
        }
    }

    @Test
    void shouldRefuseOptionsOfAnotherAction() {
        assertEquals("vipd realserver: --boot goes with apply (see vipd realserver --help)\n",
                failed("realserver", "print", "192.0.2.100", "--boot"));
        assertEquals("vipd realserver: --keep-boot goes with undo (see vipd realserver --help)\n",
                failed("realserver", "print", "192.0.2.100", "--keep-boot"));
    }

    private static String failed(String... words) {
        Outcome outcome = vipd(words);
        assertEquals(Cli.USAGE, outcome.status());
        assertEquals("", outcome.out());
        return outcome.err();
    }

    @Test
    void shouldTurnAnExceptionIntoOneLine() {
        Command broken = new Command("broken", "", "Fail", List.of(), List.of(), (args, out, err) -> {
            throw new IOException("the disk is gone");
        });
        assertEquals(new Outcome(1, "", "vipd broken: the disk is gone\n"), run(List.of(broken), "broken"));
    }

    @Test
    void shouldWaitForTheEndOfADrain(@TempDir Path folder) throws IOException {
        Path socket = folder.resolve("control.sock");
        Iterator<String> answers = List.of("DRAIN 2 connections left", "DRAINED", "DRAIN 1 connection left",
                "DRAIN 1 connection left", "ENABLED").iterator();
        try (ControlServer server = new ControlServer(socket)) {
            server.serve((command, _) -> new ControlClient.Response(true, switch (command) {
                case "drain web rs1" -> "web rs1: on its way\n";
                case "drained web rs1" -> answers.next() + "\n";
                case "drain web rs2" -> socket.toFile().delete() + "\n"; // the daemon stops meanwhile
                default -> throw new AssertionError(command);
            }));
            String[] drain = {"drain", "web", "rs1", "--socket", socket.toString(), "--wait", "--timeout", "1"};
            assertEquals(new Outcome(0, "web rs1: on its way\n2 connections left\ndrained\n", ""), vipd(drain));
            assertEquals(new Outcome(1, "web rs1: on its way\n1 connection left\n1 connection left\n",
                    "vipd drain: not drained after 1 s: 1 connection left; the drain goes on\n"), vipd(drain));
            assertEquals(new Outcome(1, "web rs1: on its way\n", "the drain was ended: ENABLED\n"), vipd(drain));
            drain[2] = "rs2";
            Outcome stopped = vipd(drain);
            assertEquals(3, stopped.status());
            assertTrue(stopped.err().startsWith("vipd drain: vipd is not running: "), stopped.err());
        }
        assertEquals("vipd drain: --timeout goes with --wait (see vipd drain --help)\n",
                failed("drain", "web", "rs1", "--timeout", "1"));
        assertEquals("vipd drain: --timeout is a number of seconds, 1 or more (see vipd drain --help)\n",
                failed("drain", "web", "rs1", "--wait", "--timeout", "0"));
    }

    @Test
    void shouldHelp() {
        Outcome help = vipd("--help");
        assertEquals(0, help.status());
        for (Command command : Main.commands()) {
            assertTrue(help.out().contains("  " + command.usage() + " "), help.out());
            Outcome own = vipd(command.name(), "--help");
            assertEquals(0, own.status());
            assertTrue(own.out().startsWith("Usage: vipd " + command.usage() + "\n"), own.out());
            for (Option option : command.allOptions()) {
                assertTrue(own.out().contains("  " + option.usage() + " "), own.out());
            }
        }
        assertEquals(help.out(), vipd("-h").out());
        assertEquals(new Outcome(Cli.USAGE, "", help.out()), vipd());
        assertEquals("vipd " + Cli.version() + "\n", vipd("--version").out());
    }

    @Test
    void shouldCheckAGoodFile() {
        String file = "../examples/nat.yaml";
        assertEquals(new Outcome(0, file + ": OK: 2 instances, 2 services, 4 real servers\n", ""), vipd("check", file));
        assertEquals("""
                {
                  "file": "../examples/nat.yaml",
                  "ok": true,
                  "errors": 0,
                  "warnings": 0,
                  "instances": 2,
                  "services": 2,
                  "real_servers": 4,
                  "findings": []
                }
                """, vipd("check", "--json", file).out());
    }

    @Test
    void shouldCheckABadFile() throws IOException {
        Path file = dir.resolve("v.yaml");
        Files.writeString(file, """
                global: { log_format: json, on_stop: keep }
                vrrp_scripts: { chk: { script: a } }
                """);
        assertEquals(new Outcome(1, file + ":1:11: global.log_format: not supported in this version; remove the key\n"
                + file + ":2:17: vrrp_scripts.chk: warning: no track_script names it, so it never runs\n"
                + file + ": 1 error, 1 warning\n", ""), vipd("check", file.toString()));
        Outcome json = vipd("check", "--json", file.toString());
        assertEquals(1, json.status());
        assertTrue(json.out().contains("""
                    {
                      "file": "%s",
                      "line": 1,
                      "column": 11,
                      "path": "global.log_format",
                      "severity": "ERROR",
                      "message": "not supported in this version; remove the key"
                    },
                """.formatted(file)), json.out());
    }

    @Test
    void shouldNameWhoCouldReplaceAScript() throws IOException {
        Path open = Files.createDirectory(dir.toRealPath().resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path script = Files.writeString(open.resolve("notify.sh"), "#!/bin/sh\n");
        Path file = dir.resolve("v.yaml");
        Files.writeString(file, """
                vrrp_instances:
                  VI_1:
                    interface: eth0
                    virtual_router_id: 51
                    virtual_ipaddress: [ 192.0.2.1/24 ]
                    notify_master: { script: %s, user: "0 0" }
                """.formatted(script));
        Outcome outcome = vipd("check", file.toString());
        assertEquals(1, outcome.status());
        assertTrue(outcome.out().startsWith(file + ":6:30: vrrp_instances.VI_1.notify_master.script: "
                + dir.toRealPath()), outcome.out());
        assertTrue(outcome.out().contains("who could put another program in its place"), outcome.out());
    }

    @Test
    void shouldAcceptAFileWithWarnings() throws IOException {
        Path file = dir.resolve("v.yaml");
        Files.writeString(file, """
                virtual_servers:
                  web: { address: 192.0.2.1:80, quorum: 2, real_servers: [ { address: 192.0.2.11 } ] }
                """);
        Outcome outcome = vipd("check", file.toString());
        assertEquals(0, outcome.status());
        assertTrue(outcome.out().endsWith(file + ": OK: 0 instances, 1 service, 1 real server, 1 warning\n"),
                outcome.out());
    }

    /** What the command line loads before it knows that it needs more is start-up time of every command. */
    @Test
    void shouldStartWithoutTheLibraries() throws IOException, InterruptedException {
        String loaded = java("--help");
        assertTrue(loaded.contains("dev.vipd.director.cli.Main"), loaded);
        for (String library : List.of("org.yaml.", "io.netty.", "ch.qos.logback.", "org.slf4j.", "jnr.")) {
            assertFalse(loaded.contains(" " + library), library);
        }
        assertTrue(java("check", "../examples/nat.yaml").contains(" org.yaml."), "the list shows what is loaded");
    }

    private String java(String... words) throws IOException, InterruptedException {
        Path log = Files.createTempFile(dir, "class", ".log");
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xlog:class+load:file=" + log,
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        line.addAll(List.of(words));
        Process process = new ProcessBuilder(line).redirectErrorStream(true)
                .redirectOutput(dir.resolve("out").toFile()).start();
        assertEquals(0, process.waitFor(), () -> line.toString());
        return Files.readString(log);
    }
}
