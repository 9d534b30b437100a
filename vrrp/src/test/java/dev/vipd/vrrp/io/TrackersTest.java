package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteEvent;
import dev.vipd.netlink.script.RunAs;
import dev.vipd.vrrp.TrackFileConfig;
import dev.vipd.vrrp.TrackProcessConfig;
import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.TrackScriptConfig;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.TrackersConfig;
import dev.vipd.vrrp.TrackingConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test's thread is the loop's: it takes what runners post, one task at a time. */
class TrackersTest {
    private static final Optional<RunAs> SELF =
            Optional.of(new RunAs(System.getProperty("user.name"), Optional.empty()));
    private static final long INTERVAL = 20_000_000;
    private static final long LONG = 3_600_000_000_000L;
    private static final int UP = Link.IFF_UP | Link.IFF_RUNNING;

    private final LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    private final Heard heard = new Heard();
    private final List<String> changes = new ArrayList<>();
    private final Interfaces interfaces = new Interfaces();
    private final Trackers trackers =
            new Trackers(heard, loop::add, (id, reading) -> changes.add(id + " " + reading.state()));

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        trackers.close();
    }

    private void configure(List<TrackScriptConfig> scripts) {
        trackers.configure(new TrackersConfig(scripts, List.of(), List.of(), List.of(), List.of()));
    }

    private void link(int index, String name, int flags) {
        interfaces.apply(new RouteEvent.LinkChanged(new Link(index, name, flags, 0, List.of(), 1500)));
    }

    private static TrackScriptConfig script(String name, long intervalNs, int rise, int fall, String command) {
        return new TrackScriptConfig(
                name, List.of("/bin/sh", "-c", command), intervalNs, LONG, rise, fall, TrackScriptConfig.Init.WAIT,
                SELF);
    }

    /** Runs what the runners post until that many changes were told. */
    private void runUntilChanges(int count) throws InterruptedException {
        while (changes.size() < count) {
            runOne();
        }
    }

    private void runOne() throws InterruptedException {
        Runnable task = loop.poll(60, TimeUnit.SECONDS);
        assertNotNull(task, "no result within a minute");
        task.run();
    }

    private String why(TrackerId id) {
        return trackers.status().stream().filter(s -> s.tracker().equals(id)).findFirst().orElseThrow().why();
    }

    @Test
    void interfacesAreFollowedOnceTheyAreKnown() {
        link(2, "eth0", UP);
        trackers.update(interfaces, List.of(Routers.on("eth0", "eth1")), 0);
        assertEquals(List.of("interface eth1 down: does not exist"), heard.lines);
        assertEquals(List.of(), changes, "the first sight is no change");
        link(3, "eth1", UP);
        link(2, "eth0", Link.IFF_UP);
        trackers.update(interfaces, List.of(Routers.on("eth0", "eth1")), 0);
        trackers.update(interfaces, List.of(Routers.on("eth0", "eth1")), 0);
        assertEquals(List.of("interface:eth0 DOWN", "interface:eth1 UP"), changes);
        assertEquals(
                List.of(
                        "interface eth1 down: does not exist",
                        "interface eth0 down: no carrier",
                        "interface eth1 up: up"),
                heard.lines);
    }

    @Test
    void theReasonForBeingDownIsTheOneOfNow() {
        TrackerId eth0 = TrackerId.networkInterface("eth0");
        trackers.update(interfaces, List.of(Routers.on("eth0")), 0);
        long sinceNs = trackers.status().getFirst().sinceNs();
        link(2, "eth0", 0);
        trackers.update(interfaces, List.of(Routers.on("eth0")), 0);
        assertEquals("down", why(eth0));
        assertEquals(sinceNs, trackers.status().getFirst().sinceNs(), "down all the time");
        assertEquals(List.of(), changes);
    }

    @Test
    void anInterfaceThatNobodyFollowsIsForgotten() {
        link(2, "eth0", UP);
        trackers.update(interfaces, List.of(Routers.on("eth0", "eth1")), 0);
        trackers.update(interfaces, List.of(Routers.on("eth0")), 0);
        assertEquals(Map.of(TrackerId.networkInterface("eth0"), TrackerReading.UP), trackers.readings());
    }

    @Test
    void aScriptGoesUpAndDown() throws Exception {
        Path good = Files.createFile(folder.resolve("good"));
        configure(List.of(script("chk", INTERVAL, 1, 2, "test -e " + good)));
        assertEquals(Map.of(TrackerId.script("chk"), TrackerReading.WAIT), trackers.readings());
        runUntilChanges(1);
        Files.delete(good);
        runUntilChanges(2);
        assertEquals(List.of("script:chk UP", "script:chk DOWN"), changes);
        assertEquals(List.of("script chk up: succeeded", "script chk down: exited with status 1"), heard.lines);
    }

    @Test
    void troubleIsToldOnceUntilItIsOver() throws Exception {
        Path program = folder.resolve("program");
        TrackScriptConfig config = new TrackScriptConfig(
                "chk", List.of(program.toString()), INTERVAL, LONG, 1, 1, TrackScriptConfig.Init.DOWN, SELF);
        configure(List.of(config));
        for (int i = 0; i < 3; i++) {
            runOne();
        }
        assertEquals(1, heard.lines.size(), heard.lines::toString);
        assertTrue(heard.lines.getFirst().startsWith("trouble chk: could not be run: "), heard.lines::toString);
        Files.createSymbolicLink(program, Path.of("/bin/true"));
        runUntilChanges(1);
        Files.delete(program);
        while (heard.lines.stream().filter(line -> line.startsWith("trouble")).count() < 2) {
            runOne(); // it may have gone between the look at it and the run, which is a failed run first
        }
    }

    @Test
    void aReloadKeepsWhatIsKnownAndRunsTheNewCommand() throws Exception {
        configure(List.of(script("chk", INTERVAL, 1, 1, "true")));
        runUntilChanges(1);
        configure(List.of(script("chk", INTERVAL, 1, 1, "exit 5")));
        assertEquals(Map.of(TrackerId.script("chk"), TrackerReading.UP), trackers.readings());
        runUntilChanges(2);
        assertEquals("exited with status 5", why(TrackerId.script("chk")));
    }

    @Test
    void theLateResultOfAScriptThatWentChangesNothing() throws Exception {
        configure(List.of(script("chk", LONG, 1, 1, "true")));
        Runnable late = loop.poll(60, TimeUnit.SECONDS);
        configure(List.of());
        late.run();
        assertEquals(Map.of(), trackers.readings());
        assertEquals(List.of(), changes);
    }

    @Test
    void theSameTroubleOfAScriptMadeAnewIsToldAnew() throws Exception {
        TrackScriptConfig config = new TrackScriptConfig(
                "chk", List.of("/nonexistent"), LONG, LONG, 1, 1, TrackScriptConfig.Init.DOWN, SELF);
        configure(List.of(config));
        runOne();
        configure(List.of());
        configure(List.of(config));
        runOne();
        assertEquals(2, heard.lines.size(), heard.lines::toString);
    }

    private void watch(TrackersConfig config, int changesWanted) throws InterruptedException {
        trackers.configure(config);
        runUntilChanges(changesWanted);
    }

    private static TrackersConfig file(Path file, Optional<TrackFileConfig.Init> init) {
        return new TrackersConfig(
                List.of(), List.of(), List.of(new TrackFileConfig("maint", file.toString(), init)), List.of(),
                List.of());
    }

    @Test
    void aFileIsReadWhenItIsWritten() throws Exception {
        Path maintenance = folder.resolve("sub/maint");
        watch(file(maintenance, Optional.empty()), 1);
        assertTrue(heard.lines.getFirst().startsWith("trouble maint: watch the folder"), heard.lines::toString);
        Files.createDirectory(maintenance.getParent());
        Files.writeString(maintenance, "-254");
        runUntilChanges(2);
        Files.writeString(maintenance, "7 for a while");
        runUntilChanges(3);
        Files.delete(maintenance);
        runUntilChanges(4);
        Files.writeString(folder.resolve("next"), "5");
        Files.move(folder.resolve("next"), maintenance);
        runUntilChanges(5);
        assertEquals(List.of("file:maint UP", "file:maint DOWN", "file:maint DOWN", "file:maint UP", "file:maint DOWN"),
                changes);
        assertEquals(
                List.of("file maint up: there is no file", "file maint down: the number is -254",
                        "file maint down: the number is 7", "file maint up: there is no file",
                        "file maint down: the number is 5"),
                heard.lines.subList(1, heard.lines.size()));
    }

    @Test
    void aFileIsWrittenAtTheStart() throws Exception {
        Path maintenance = folder.resolve("maint");
        watch(file(maintenance, Optional.of(new TrackFileConfig.Init(3, false))), 1);
        assertEquals("3\n", Files.readString(maintenance));
        watch(file(maintenance, Optional.of(new TrackFileConfig.Init(4, false))), 1);
        assertEquals("3\n", Files.readString(maintenance));
        watch(file(maintenance, Optional.of(new TrackFileConfig.Init(5, true))), 2);
        assertEquals(List.of("file maint down: the number is 3", "file maint down: the number is 5"), heard.lines);
    }

    /** By the kernel's process events where this machine has them for us, by descriptors and /proc otherwise. */
    @Test
    void theEndAndTheStartOfAProcessAreSeen() throws Exception {
        Path program = Files.copy(Path.of("/bin/sleep"), folder.resolve("vipd-test-sleep"));
        TrackProcessConfig config = new TrackProcessConfig(
                "p", List.of(program.toString(), "3600"), TrackProcessConfig.Match.COMMAND, 1,
                TrackProcessConfig.NO_MAX, 0, 0);
        Process first = new ProcessBuilder(program.toString(), "3600").start();
        try {
            watch(new TrackersConfig(List.of(), List.of(config), List.of(), List.of(), List.of()), 1);
            assertEquals(List.of("process:p UP"), changes);
            first.destroyForcibly().waitFor();
            runUntilChanges(2);
            Process second = new ProcessBuilder(program.toString(), "3600").start();
            try {
                runUntilChanges(3);
            } finally {
                second.destroyForcibly();
            }
            runUntilChanges(4);
        } finally {
            first.destroyForcibly();
        }
        assertEquals(List.of("process:p UP", "process:p DOWN", "process:p UP", "process:p DOWN"), changes);
        assertEquals("0 processes, at least 1 wanted", why(new TrackerId(TrackerId.Kind.PROCESS, "p")));
    }

    @Test
    void aServiceIsWhatTheDirectorSays() {
        VirtualRouterConfig config = Routers.on("eth0")
                .withTracking(TrackingConfig.of(new TrackRef(new TrackerId(TrackerId.Kind.SERVICE, "web"), 0)));
        link(2, "eth0", UP);
        trackers.serviceIs(new ServiceState("mail", true, "2 of 2 up"));
        trackers.serviceIs(new ServiceState("web", false, "0 of 2 up"));
        trackers.update(interfaces, List.of(config), 0);
        trackers.serviceIs(new ServiceState("web", true, "1 of 2 up"));
        assertEquals(List.of("service:web DOWN", "service:web UP"), changes);
        assertEquals(List.of("service web down: 0 of 2 up", "service web up: 1 of 2 up"), heard.lines);
    }
}
