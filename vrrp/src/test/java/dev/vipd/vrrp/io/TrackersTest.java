package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteEvent;
import dev.vipd.vrrp.TrackScriptConfig;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test's thread is the loop's: it takes what runners post, one task at a time. */
class TrackersTest {
    private static final long INTERVAL = 20_000_000;
    private static final long LONG = 3_600_000_000_000L;
    private static final int UP = Link.IFF_UP | Link.IFF_RUNNING;

    private final LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    private final Heard heard = new Heard();
    private final List<String> changes = new ArrayList<>();
    private final Interfaces interfaces = new Interfaces();
    private final Trackers trackers = new Trackers(heard, loop::add, (id, state) -> changes.add(id + " " + state));

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        trackers.close();
    }

    private void link(int index, String name, int flags) {
        interfaces.apply(new RouteEvent.LinkChanged(new Link(index, name, flags, 0, List.of(), 1500)));
    }

    private static TrackScriptConfig script(String name, long intervalNs, int rise, int fall, String command) {
        return new TrackScriptConfig(
                name, List.of("/bin/sh", "-c", command), intervalNs, LONG, rise, fall, TrackScriptConfig.Init.WAIT, Optional.empty());
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
        trackers.update(interfaces, List.of(Routers.on("eth0", "eth1")));
        assertEquals(List.of("interface eth1 down: does not exist"), heard.lines);
        assertEquals(List.of(), changes, "the first sight is no change");
        link(3, "eth1", UP);
        link(2, "eth0", Link.IFF_UP);
        trackers.update(interfaces, List.of(Routers.on("eth0", "eth1")));
        trackers.update(interfaces, List.of(Routers.on("eth0", "eth1")));
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
        trackers.update(interfaces, List.of(Routers.on("eth0")));
        long sinceNs = trackers.status().getFirst().sinceNs();
        link(2, "eth0", 0);
        trackers.update(interfaces, List.of(Routers.on("eth0")));
        assertEquals("down", why(eth0));
        assertEquals(sinceNs, trackers.status().getFirst().sinceNs(), "down all the time");
        assertEquals(List.of(), changes);
    }

    @Test
    void anInterfaceThatNobodyFollowsIsForgotten() {
        link(2, "eth0", UP);
        trackers.update(interfaces, List.of(Routers.on("eth0", "eth1")));
        trackers.update(interfaces, List.of(Routers.on("eth0")));
        assertEquals(Map.of(TrackerId.networkInterface("eth0"), TrackerState.UP), trackers.states());
    }

    @Test
    void aScriptGoesUpAndDown() throws Exception {
        Path good = Files.createFile(folder.resolve("good"));
        trackers.configure(List.of(script("chk", INTERVAL, 1, 2, "test -e " + good)));
        assertEquals(Map.of(TrackerId.script("chk"), TrackerState.WAIT), trackers.states());
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
                "chk", List.of(program.toString()), INTERVAL, LONG, 1, 1, TrackScriptConfig.Init.DOWN, Optional.empty());
        trackers.configure(List.of(config));
        for (int i = 0; i < 3; i++) {
            runOne();
        }
        assertEquals(1, heard.lines.size(), heard.lines::toString);
        assertTrue(heard.lines.getFirst().startsWith("trouble chk: could not be run: "), heard.lines::toString);
        Files.createSymbolicLink(program, Path.of("/bin/true"));
        runUntilChanges(1);
        Files.delete(program);
        runUntilChanges(2);
        assertEquals(2, heard.lines.stream().filter(line -> line.startsWith("trouble")).count());
    }

    @Test
    void aReloadKeepsWhatIsKnownAndRunsTheNewCommand() throws Exception {
        trackers.configure(List.of(script("chk", INTERVAL, 1, 1, "true")));
        runUntilChanges(1);
        trackers.configure(List.of(script("chk", INTERVAL, 1, 1, "exit 5")));
        assertEquals(Map.of(TrackerId.script("chk"), TrackerState.UP), trackers.states());
        runUntilChanges(2);
        assertEquals("exited with status 5", why(TrackerId.script("chk")));
    }

    @Test
    void theLateResultOfAScriptThatWentChangesNothing() throws Exception {
        trackers.configure(List.of(script("chk", LONG, 1, 1, "true")));
        Runnable late = loop.poll(60, TimeUnit.SECONDS);
        trackers.configure(List.of());
        late.run();
        assertEquals(Map.of(), trackers.states());
        assertEquals(List.of(), changes);
    }

    @Test
    void theSameTroubleOfAScriptMadeAnewIsToldAnew() throws Exception {
        TrackScriptConfig config = new TrackScriptConfig(
                "chk", List.of("/nonexistent"), LONG, LONG, 1, 1, TrackScriptConfig.Init.DOWN, Optional.empty());
        trackers.configure(List.of(config));
        runOne();
        trackers.configure(List.of());
        trackers.configure(List.of(config));
        runOne();
        assertEquals(2, heard.lines.size(), heard.lines::toString);
    }
}
