package dev.vipd.director.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The configuration reference names each key of each block, no other, and its examples are valid. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final Pattern TABLE = Pattern.compile("<!-- keys: (\\w+) -->\n\n((?:\\|.*\n)+)");
    private static final Pattern KEY = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE);
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final String UNKNOWN = "nonsense_nonsense";

    /** A file with an unknown key in the block that the tables describe together. */
    private enum Place {
        FILE(UNKNOWN + ": 1", "file"),
        GLOBAL("global: { " + UNKNOWN + ": 1 }", "global", "vrrp_defaults", "lvs"),
        LVS_TIMEOUTS("global: { lvs_timeouts: { " + UNKNOWN + ": 1 } }", "lvs_timeouts"),
        LVS_SYSCTLS("global: { lvs_sysctls: { " + UNKNOWN + ": 1 } }", "lvs_sysctls"),
        LVS_SYNC_DAEMON("global: { lvs_sync_daemon: { " + UNKNOWN + ": 1 } }", "lvs_sync_daemon"),
        GARP_GROUP("garp_groups: { g: { " + UNKNOWN + ": 1 } }", "garp_groups"),
        SCRIPT("vrrp_scripts: { chk: { " + UNKNOWN + ": 1 } }", "vrrp_scripts"),
        PROCESS("vrrp_track_process: { p: { " + UNKNOWN + ": 1 } }", "vrrp_track_process"),
        TRACKED_FILE("track_file: { f: { " + UNKNOWN + ": 1 } }", "track_file"),
        INIT_FILE("track_file: { f: { init_file: { " + UNKNOWN + ": 1 } } }", "init_file"),
        PING("vrrp_track_ping: { p: { " + UNKNOWN + ": 1 } }", "vrrp_track_ping"),
        DELAYS("interface_up_down_delays: { eth0: { " + UNKNOWN + ": 1 } }", "interface_up_down_delays"),
        INSTANCE(instance(UNKNOWN + ": 1"), "vrrp_instances", "election", "transport", "holding", "announce",
                "tracking", "notify"),
        PEER(instance("unicast_peer: [ { " + UNKNOWN + ": 1 } ]"), "unicast_peer"),
        AUTHENTICATION(instance("authentication: { " + UNKNOWN + ": 1 }"), "authentication"),
        ADDRESS(instance("virtual_ipaddress: [ { " + UNKNOWN + ": 1 } ]"), "address"),
        ROUTE(instance("virtual_routes: [ { " + UNKNOWN + ": 1 } ]"), "route"),
        HOP(instance("virtual_routes: [ { nexthops: [ { " + UNKNOWN + ": 1 } ] } ]"), "next_hop"),
        RULE(instance("virtual_rules: [ { " + UNKNOWN + ": 1 } ]"), "rule"),
        VMAC("vrrp_instances: { VI_1: { virtual_router_id: 1, use_vmac: { " + UNKNOWN + ": 1 } } }", "use_vmac"),
        HOOK(instance("notify: { " + UNKNOWN + ": 1 }"), "script"),
        FIFO("global: { notify_fifo: { " + UNKNOWN + ": 1 } }", "notify_fifo"),
        WEBHOOK("global: { webhook: { " + UNKNOWN + ": 1 } }", "webhook"),
        TRACK_SCRIPT(instance("track_script: [ { " + UNKNOWN + ": 1 } ]"), "track"),
        TRACK_INTERFACE(instance("track_interface: [ { " + UNKNOWN + ": 1 } ]"), "track"),
        SYNC_GROUP("vrrp_sync_groups: { G: { " + UNKNOWN + ": 1 } }", "vrrp_sync_groups", "notify"),
        TRACK_GROUP("track_groups: { T: { " + UNKNOWN + ": 1 } }", "track_groups"),
        STATIC_ADDRESS("static_ipaddress: [ { " + UNKNOWN + ": 1 } ]", "address", "static"),
        STATIC_ROUTE("static_routes: [ { " + UNKNOWN + ": 1 } ]", "route", "static"),
        STATIC_RULE("static_rules: [ { " + UNKNOWN + ": 1 } ]", "rule", "static"),
        GROUP_MARK("virtual_server_groups: { g: [ { " + UNKNOWN + ": 1 } ] }", "virtual_server_groups"),
        LB_KIND("virtual_servers: { web: { real_servers: [], lb_kind: { " + UNKNOWN + ": 1 } } }", "lb_kind"),
        SERVICE("virtual_servers: { web: { " + UNKNOWN + ": 1 } }", "virtual_servers", "timing"),
        SORRY_SERVER("virtual_servers: { web: { sorry_server: { " + UNKNOWN + ": 1 } } }", "sorry_server", "timing"),
        REAL_SERVER(realServer(UNKNOWN + ": 1"), "real_servers", "timing"),
        CHECK(realServer("checks: [ { " + UNKNOWN + ": 1 } ]"), "check"),
        TCP(check("tcp: { %s }"), "tcp", "connect", "port", "timing"),
        HTTP(check("http: { %s }"), "http", "request", "connect", "port", "timing"),
        URL(check("http: { urls: [ { %s } ] }"), "request"),
        HTTPS(check("https: { sni: off, %s }"), "http", "request", "tls", "connect", "port", "timing"),
        GRPC(check("grpc: { %s }"), "grpc", "connect", "port", "timing"),
        TLS(check("grpc: { tls: { sni: off, %s } }"), "tls"),
        SMTP(check("smtp: { %s }"), "smtp", "connect", "port", "timing"),
        START_TLS(check("smtp: { starttls: { sni: off, %s } }"), "tls"),
        DNS(check("dns: { %s }"), "dns", "connect", "port", "timing"),
        UDP(check("udp: { %s }"), "udp", "connect", "port", "timing"),
        PING_CHECK(check("ping: { %s }"), "connect", "timing"),
        SCRIPT_CHECK(check("script: { %s }"), "check_script", "timing"),
        FILE_CHECK(check("file: { %s }"), "check_file", "timing"),
        AGENT(check("agent: { connect_port: 1, %s }"), "agent", "connect", "port", "timing");

        final String file;
        final List<String> tables;

        Place(String file, String... tables) {
            this.file = file;
            this.tables = List.of(tables);
        }

        private static String instance(String keys) {
            return "vrrp_instances: { VI_1: { " + keys + " } }";
        }

        private static String check(String kind) {
            return realServer("checks: [ { " + kind.formatted(UNKNOWN + ": 1") + " } ]");
        }

        private static String realServer(String keys) {
            return "virtual_servers: { web: { real_servers: [ { " + keys + " } ] } }";
        }

        /** The keys that the binder of this block asks for. */
        Set<String> known() {
            String prefix = "unknown key; known here: ";
            List<String> lists = ConfigLoader.load(file, "f").findings().stream()
                    .map(Finding::message)
                    .filter(message -> message.startsWith(prefix))
                    .map(message -> message.substring(prefix.length()))
                    .toList();
            assertEquals(1, lists.size(), file);
            return new TreeSet<>(List.of(lists.getFirst().split(", ")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameTheKeysOfTheBlock(Place place) throws IOException {
        Map<String, List<String>> tables = tables();
        Set<String> named = new TreeSet<>();
        for (String table : place.tables) {
            for (String key : tables.get(table)) {
                assertTrue(named.add(key), key + " stands twice");
            }
        }
        assertEquals(place.known(), named);
    }

    @Test
    void shouldHaveNoTableThatIsNotCompared() throws IOException {
        Set<String> compared = new TreeSet<>();
        for (Place place : Place.values()) {
            compared.addAll(place.tables);
        }
        assertEquals(compared, new TreeSet<>(tables().keySet()));
    }

    @Test
    void shouldShowValidExamples() throws IOException {
        List<String> examples = EXAMPLE.matcher(Files.readString(PAGE)).results().map(m -> m.group(1)).toList();
        assertFalse(examples.isEmpty());
        examples.forEach(yaml -> assertEquals(List.of(), ConfigLoader.load(yaml, "f").findings()));
    }

    private static Map<String, List<String>> tables() throws IOException {
        Map<String, List<String>> tables = new HashMap<>();
        Matcher table = TABLE.matcher(Files.readString(PAGE));
        while (table.find()) {
            List<String> keys = KEY.matcher(table.group(2)).results().map(m -> m.group(1)).toList();
            assertEquals(2, table.group(2).lines().count() - keys.size(), "a row without a key: " + table.group(1));
            assertEquals(null, tables.put(table.group(1), keys), "two tables: " + table.group(1));
        }
        return tables;
    }
}
