package dev.vipd.director.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.config.FifoConfig;
import dev.vipd.director.config.Hook;
import dev.vipd.director.config.HookScript;
import dev.vipd.director.config.HooksConfig;
import dev.vipd.director.config.NotifyConfig;
import dev.vipd.director.config.WebhookConfig;
import dev.vipd.director.events.Event;
import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.netlink.script.Account;
import dev.vipd.netlink.script.Accounts;
import dev.vipd.netlink.script.RunAs;
import dev.vipd.netlink.sys.Fifo;
import dev.vipd.vrrp.SyncGroupConfig;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real programs, pipes and connections. Waits are bounded far beyond what they take. */
@Timeout(300)
class HooksTest {
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final Account SELF = Accounts.read().self();
    private static final Optional<RunAs> AS_SELF =
            Optional.of(new RunAs(String.valueOf(SELF.uid()), Optional.of(String.valueOf(SELF.gid()))));

    @TempDir
    Path folder;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final EventLog log = EventLog.open("n", new ByteArrayOutputStream());
    private final Hooks hooks = new Hooks(log, "lb1", false);

    HooksTest() {
        log.subscribe(events::add);
    }

    @AfterEach
    void close() throws InterruptedException {
        hooks.close();
        log.close();
    }

    private Event await(EventId id) throws InterruptedException {
        while (true) {
            Event event = events.poll(60, TimeUnit.SECONDS);
            assertNotNull(event, "no " + id + " within a minute");
            if (event.id() == id) {
                return event;
            }
        }
    }

    private static HookEvent event(HookState state) {
        return new HookEvent(HookEvent.Kind.INSTANCE, "VI_1", state, 100, "BACKUP", "master_down", 0);
    }

    private static HookScript shell(String script) {
        return new HookScript(List.of("/bin/sh", "-c", script, "hook"), AS_SELF, MINUTE_NS);
    }

    private void instance(Map<Hook, HookScript> scripts) {
        hooks.configure(new HooksConfig(List.of(), Optional.empty(),
                Map.of("VI_1", new NotifyConfig(scripts, false, Optional.empty())), Map.of(), Map.of()), List.of());
    }

    @Test
    void theScriptOfTheStateComesBeforeTheOneOfAll() throws Exception {
        Path out = folder.resolve("out");
        instance(Map.of(
                Hook.NOTIFY_MASTER, shell("echo master \"$@\" >> " + out),
                Hook.NOTIFY, shell("echo \"$@\" >> " + out + "; echo told; exit 4")));
        hooks.happened(event(HookState.MASTER));
        assertEquals(Optional.of("notify_master"), await(EventId.HOOK_DONE).get("hook"));
        Event failed = await(EventId.HOOK_FAILED);
        assertEquals(List.of("kind", "name", "hook", "state", "took_ms", "why", "last"),
                failed.fields().stream().map(Event.Field::key).toList());
        assertEquals(Optional.of("exit 4"), failed.get("why"));
        assertEquals(List.of("master", "INSTANCE VI_1 MASTER 100"), Files.readAllLines(out));
        HookStatus any = hooks.status().getFirst();
        assertEquals(
                List.of("notify", HookStatus.Phase.FAILED, "exit 4", "told", 1L, 0L),
                List.of(any.hook(), any.phase(), any.result(), any.lastLine(), any.failures(), any.skipped()));
    }

    @Test
    void theNewestStateWinsWhenBehind() throws Exception {
        Path gate = folder.resolve("gate");
        Path out = folder.resolve("out");
        Fifo.make(gate);
        instance(Map.of(Hook.NOTIFY, shell("read -r line < " + gate + "; echo \"$3\" >> " + out)));
        hooks.happened(event(HookState.BACKUP));
        await(EventId.HOOK_RUN);
        List.of(HookState.MASTER, HookState.FAULT, HookState.BACKUP, HookState.MASTER)
                .forEach(state -> hooks.happened(event(state)));
        for (String state : List.of("MASTER", "FAULT", "BACKUP")) {
            assertEquals(Optional.of(state), await(EventId.HOOK_SKIPPED).get("state"));
        }
        Files.writeString(gate, "go\n");
        await(EventId.HOOK_DONE);
        await(EventId.HOOK_RUN);
        Files.writeString(gate, "go\n");
        await(EventId.HOOK_DONE);
        assertEquals(List.of("BACKUP", "MASTER"), Files.readAllLines(out));
        assertEquals(3, hooks.status().getFirst().skipped());
    }

    @Test
    void whatHangsIsEndedWithAllThatItStarted() throws Exception {
        HookScript hanging = shell("sleep 1000 & echo $!; wait");
        instance(Map.of(Hook.NOTIFY_FAULT, new HookScript(hanging.command(), AS_SELF, 3_000_000_000L)));
        hooks.happened(event(HookState.FAULT));
        Event failed = await(EventId.HOOK_FAILED);
        assertEquals(Optional.of("not done after 3000 ms, and ended"), failed.get("why"));
        ProcessHandle.of(Long.parseLong(failed.get("last").orElseThrow())).ifPresent(left -> left.onExit().join());
    }

    @Test
    void aStopWaitsForItsHooks() throws Exception {
        Path out = folder.resolve("out");
        instance(Map.of(
                Hook.NOTIFY_MASTER, shell("sleep 0.3; echo master >> " + out),
                Hook.NOTIFY_STOP, shell("sleep 0.3; echo stop >> " + out)));
        hooks.happened(event(HookState.MASTER));
        await(EventId.HOOK_RUN);
        hooks.happened(event(HookState.STOP));
        hooks.close();
        assertEquals(List.of("master", "stop"), Files.readAllLines(out));
    }

    @Test
    void pipesGetTheLinesOfKeepalived() throws Exception {
        Path path = folder.resolve("notify.fifo");
        SyncGroupConfig group = new SyncGroupConfig("G1", List.of("VI_1", "VI_2"), List.of(), false);
        hooks.configure(new HooksConfig(
                List.of(new FifoConfig(path.toString(), AS_SELF, Optional.empty())), Optional.empty(),
                Map.of("VI_1", new NotifyConfig(Map.of(Hook.NOTIFY_FAULT, shell("exit 0")), false, Optional.empty())),
                Map.of(), Map.of()), List.of(group));
        hooks.happened(event(HookState.MASTER));
        hooks.happened(event(HookState.CONFLICT)); // not one of keepalived's
        hooks.happened(event(HookState.MASTER_RX_LOWER_PRI));
        hooks.happened(new HookEvent(HookEvent.Kind.INSTANCE, "VI_2", HookState.MASTER, 90, "", "", 0));
        hooks.happened(event(HookState.DELETED)); // FAULT to those who did not ask for it
        await(EventId.HOOK_DONE);
        String lines = "INSTANCE \"VI_1\" MASTER 100\nINSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 100\n"
                + "INSTANCE \"VI_2\" MASTER 90\nGROUP \"G1\" MASTER 0\nINSTANCE \"VI_1\" FAULT 100\n";
        try (InputStream in = Files.newInputStream(path)) {
            assertEquals(lines, new String(in.readNBytes(lines.length()), StandardCharsets.UTF_8));
        }
        assertEquals("rw-------", java.nio.file.attribute.PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path)));
        Files.delete(path);
        hooks.happened(event(HookState.FAULT));
        await(EventId.HOOK_DONE);
        assertTrue(Files.exists(path), "made anew");
    }

    @Test
    void theReaderOfAPipeRunsAsLongAsItIsWritten() throws Exception {
        Path path = folder.resolve("notify.fifo");
        Path out = folder.resolve("out");
        HookScript reader = shell("read -r line < $1; echo \"$line\" > " + out + "; echo $$; exit 3");
        hooks.configure(new HooksConfig(List.of(new FifoConfig(path.toString(), AS_SELF, Optional.of(reader))),
                Optional.empty(), Map.of(), Map.of(), Map.of()), List.of());
        hooks.happened(event(HookState.MASTER));
        Event ended = await(EventId.HOOK_FAILED);
        assertEquals(List.of("notify_fifo_script", "exit 3"),
                List.of(ended.get("hook").orElseThrow(), ended.get("why").orElseThrow()));
        assertEquals("INSTANCE \"VI_1\" MASTER 100\n", Files.readString(out));
    }

    @Test
    void aPipeThatNobodyReadsHoldsUpNothing() throws Exception {
        Path path = folder.resolve("notify.fifo");
        hooks.configure(new HooksConfig(
                List.of(new FifoConfig(path.toString(), AS_SELF, Optional.empty())), Optional.empty(),
                Map.of(), Map.of(), Map.of()), List.of());
        for (int i = 0; i < 10_000; i++) {
            hooks.happened(event(HookState.MASTER));
        }
        assertTrue(await(EventId.HOOK_FAILED).get("why").orElseThrow().contains("nobody reads it"));
        hooks.close();
        log.close();
        assertTrue(events.stream().noneMatch(event -> event.id() == EventId.HOOK_FAILED), "said once");
    }

    @Test
    void ofVeryManyServicesSomeAreToldAtATime() throws Exception {
        int services = 40;
        Map<String, NotifyConfig> each = new HashMap<>();
        for (int i = 0; i < services; i++) {
            each.put("S" + i, new NotifyConfig(
                    Map.of(Hook.QUORUM_DOWN, shell("sleep 0.3")), false, Optional.empty()));
        }
        hooks.configure(new HooksConfig(List.of(), Optional.empty(), Map.of(), Map.of(), each), List.of());
        each.keySet().forEach(name -> hooks.happened(new HookEvent(
                HookEvent.Kind.SERVICE, name, HookState.QUORUM_DOWN, 0, "", "weight 0 up, quorum 1", 0)));
        int running = 0;
        int most = 0;
        for (int done = 0; done < services; ) {
            Event event = events.poll(60, TimeUnit.SECONDS);
            assertNotNull(event);
            running += event.id() == EventId.HOOK_RUN ? 1 : 0;
            most = Math.max(most, running);
            if (event.id() == EventId.HOOK_DONE) {
                running--;
                done++;
            }
        }
        assertTrue(most > 1 && most <= 32, "at once: " + most);
    }

    @Test
    void aWebhookIsTriedAgain() throws Exception {
        List<String> bodies = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread answers = Thread.ofPlatform().start(() -> {
                bodies.add(answer(server, "500 Oops"));
                bodies.add(answer(server, "204 No Content"));
            });
            URI url = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/secret");
            WebhookConfig webhook = new WebhookConfig(url, MINUTE_NS, 3);
            hooks.configure(new HooksConfig(List.of(), Optional.of(webhook), Map.of(), Map.of(), Map.of()), List.of());
            hooks.happened(event(HookState.MASTER));
            assertEquals(Optional.of("http://127.0.0.1:" + server.getLocalPort()),
                    await(EventId.HOOK_RUN).get("what"), "without the path");
            assertEquals(Optional.of("HTTP 204"), await(EventId.HOOK_DONE).get("why"));
            answers.join();
        }
        String body = "{\"format\":1,\"node\":\"lb1\",\"time\":\"1970-01-01T00:00:00Z\",\"type\":\"INSTANCE\","
                + "\"name\":\"VI_1\",\"state\":\"MASTER\",\"priority\":100,\"from\":\"BACKUP\","
                + "\"why\":\"master_down\"}";
        assertEquals(List.of(body, body), bodies);
    }

    /** Takes one request and returns its body, what follows the empty line. */
    private static String answer(ServerSocket server, String status) {
        try (Socket client = server.accept()) {
            InputStream in = client.getInputStream();
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                head.append((char) in.read());
            }
            int length = Integer.parseInt(head.toString().replaceFirst("(?s).*Content-Length: (\\d+).*", "$1"));
            String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            client.getOutputStream().write(
                    ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return body;
        } catch (java.io.IOException e) {
            return "failed: " + e;
        }
    }
}
