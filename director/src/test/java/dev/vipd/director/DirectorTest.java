package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.config.ConfigLoader;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.director.control.ControlClient;
import dev.vipd.director.control.ControlClient.Response;
import dev.vipd.director.events.EventLog;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.sync.IpvsMemory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole directors, with nothing to do in the kernel: how they answer, and how they end. */
@Timeout(60)
class DirectorTest {
    private static final String WEB = "web: { address: \"192.0.2.100:80\", "
            + "real_servers: [ { address: \"127.0.0.1:1\", checks: [ { tcp: {} } ] } ] }";
    private static final String ONE = "virtual_servers: { " + WEB + " }\n";
    private static final String TWO =
            "virtual_servers: { " + WEB + ", " + WEB.replace("web", "api").replace(":80", ":81") + " }\n";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private Path file;
    private Director director;
    private FutureTask<Boolean> run;

    private String global() {
        return global("");
    }

    private String global(String more) {
        return "global: { router_id: t, control_socket: " + folder.resolve("control.sock") + more + " }\n";
    }

    private void start(String config) throws Exception {
        startWith(global() + config);
    }

    private void startWith(String whole) throws Exception {
        startWith(whole, config -> config);
    }

    private void startWith(String whole, UnaryOperator<VipdConfig> change) throws Exception {
        file = Files.writeString(folder.resolve("vipd.yaml"), whole);
        EventLog events = EventLog.open("t", log);
        director = new Director(file, change.apply(ConfigLoader.load(file).config().orElseThrow()), true, events,
                (what, cause) -> failures.add(what + ": " + cause));
        run = new FutureTask<>(() -> {
            try (events) {
                return director.run();
            }
        });
        Thread.ofPlatform().daemon().start(run);
    }

    private Response command(String command) throws IOException {
        return ControlClient.ask(folder.resolve("control.sock"), command);
    }

    private void assertLogged(String text) {
        assertTrue(log.toString(StandardCharsets.UTF_8).contains(text), log::toString);
    }

    @Test
    void itStopsAsItIsTold() throws Exception {
        start(ONE);
        director.requestStop("SIGTERM");
        assertTrue(run.get());
        assertLogged("why=SIGTERM clean=true");
    }

    @Test
    void aBrokenCommandIsAnsweredAndEndsTheDirectorWithAFailure() throws Exception {
        start(ONE);
        Response response = director.ask(() -> {
            throw new IllegalStateException("a bug");
        });
        assertEquals(
                new Response(false, "vipd failed and stops: java.lang.IllegalStateException: a bug\n"), response);
        assertFalse(run.get());
        assertEquals(List.of("the director thread failed: java.lang.IllegalStateException: a bug"), failures);
        assertLogged("why=\"the director failed: java.lang.IllegalStateException: a bug\" clean=false");
        assertFalse(Files.exists(folder.resolve("control.sock")), "it stopped in an orderly way all the same");
    }

    @Test
    void whatCanNotStartSaysWhyAndLeavesNothing() throws Exception {
        start("vrrp_instances: { VI_1: { interface: nosuch0, virtual_router_id: 1, "
                + "virtual_ipaddress: [ 192.0.2.100/24 ] } }\n");
        Throwable why = assertThrows(java.util.concurrent.ExecutionException.class, run::get).getCause();
        assertTrue(why instanceof IOException && why.getMessage().contains("nosuch0"), why::toString);
        assertFalse(Files.exists(folder.resolve("control.sock")));
    }

    @Test
    void aReloadIsAppliedOrRefusedWhole() throws Exception {
        start(ONE);
        assertTrue(director.ask(() -> new Response(true, "")).ok(), "it has started");
        Files.writeString(file, global() + TWO);
        assertEquals(new Response(true, "reloaded: 1 added, 0 removed, 0 changed\n"), command("reload"));
        Files.writeString(file, global() + "nonsense: 1\n");
        assertFalse(command("reload").ok());
        assertTrue(command("status").text().contains("api"), "the old one stays");
        Files.writeString(file, global() + ONE);
        assertEquals(new Response(true, "reloaded: 0 added, 1 removed, 0 changed\n"), command("reload"));
        director.requestStop("SIGTERM");
        assertTrue(run.get());
        assertLogged("dry_run");
    }

    @Test
    void whatAnEarlierProcessLeftInIpvsIsLookedAfterThoughNothingIsWantedAnyMore() throws Exception {
        IpvsFile.open(folder, false, failures::add).store(new IpvsMemory.Contents(
                Map.of(new ServiceKey.Mark(7, false), "web"), Map.of()));
        startWith(global(", state_dir: " + folder) + ONE, config -> new VipdConfig(
                config.global(), config.trackers(), config.syncGroups(), config.statics(), config.instances(),
                List.of(), config.hooks(), config.files(), config.lvs()));
        assertTrue(director.ask(() -> new Response(true, "")).ok(), "it has started");
        assertTrue(director.status(0).observed().isPresent(), "somebody looks at the table");
        director.requestStop("SIGTERM");
        assertTrue(run.get());
        assertEquals(List.of(), failures);
    }

    @Test
    void hooksOfServicesAreToldAtTheStartAndOfServicesThatAReloadAdds() throws Exception {
        String hooks = "quorum_up: /bin/true, quorum_down: /bin/false, ";
        String web = WEB.replace("real_servers", hooks + "real_servers");
        String api = web.replace("web", "api").replace(":80", ":81").replace("tcp: {}", "tcp: { alpha: true }");
        start("virtual_servers: { " + web + " }\n");
        assertTrue(director.ask(() -> new Response(true, "")).ok(), "it has started");
        Files.writeString(file, global() + "virtual_servers: { " + web + ", " + api + " }\n");
        assertTrue(command("reload").ok());
        director.requestStop("SIGTERM");
        assertTrue(run.get());
        assertLogged("run quorum_up of web for QUORUM_UP: /bin/true");
        assertLogged("run quorum_down of api for QUORUM_DOWN: /bin/false");
    }

    @Test
    void settingsOfIpvsAreTakenAtTheStartAndByAReload() throws Exception {
        String daemon = ", lvs_sync_daemon: { interface: eth1, id: 7 }";
        startWith(global(daemon) + ONE);
        assertTrue(director.ask(() -> new Response(true, "")).ok(), "it has started");
        assertLogged("dry run: sync_daemon.master is now eth1 id 7, was off");
        assertLogged("dry run: sync_daemon.backup is now eth1 id 7, was off");
        Files.writeString(file, global(daemon.replace("id: 7", "id: 8")) + ONE);
        assertEquals(new Response(true, "reloaded: 0 added, 0 removed, 1 changed\n"), command("reload"));
        assertLogged("dry run: sync_daemon.master is now eth1 id 8, was eth1 id 7");
        Files.writeString(file, global() + ONE);
        assertTrue(command("reload").ok());
        assertLogged("dry run: sync_daemon.backup is now off, was eth1 id 8");
        director.requestStop("SIGTERM");
        assertTrue(run.get());
        assertEquals(List.of(), failures);
    }
}
