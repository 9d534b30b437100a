package dev.vipd.director.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Destination.Tunnel;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.JudgedTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.Observation.DestinationId;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceKey.Mark;
import dev.vipd.ipvs.ServiceKey.Protocol;
import dev.vipd.ipvs.Traffic;
import dev.vipd.ipvs.kernel.IpvsInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every form, whole. What ipvsadm 1.31 printed of the same table is in the same lines; the lab compares the two. */
class TableFormTest {
    private static final Optional<IpvsInfo> INFO = Optional.of(new IpvsInfo("1.2.1", 4096));
    private static final ServiceKey WEB = at(Protocol.TCP, "10.9.0.50", 80);

    private final List<IpvsTable.Entry> entries = new ArrayList<>();
    private final Map<ServiceKey, Traffic> traffic = new HashMap<>();
    private final Map<DestinationId, Load> loads = new HashMap<>();

    private static String golden(String name) throws IOException {
        try (InputStream in = TableFormTest.class.getResourceAsStream("/table/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static ServiceKey at(Protocol protocol, String address, int port) {
        return ServiceKey.of(protocol, InetAddress.ofLiteral(address), port);
    }

    private static Destination row(String address, int port, int forwarding, int weight, int upper, int lower) {
        return new Destination(
                new Endpoint(InetAddress.ofLiteral(address), port), forwarding, weight, upper, lower, Tunnel.IPIP);
    }

    private static Destination tunnel(int host, int type, int port, int flags) {
        return new Destination(new Endpoint(InetAddress.ofLiteral("10.9.0." + host), 80), 2, 1, 0, 0,
                new Tunnel(type, port, flags));
    }

    private void add(ServiceKey key, String scheduler, int flags, int timeoutSec, int mask, String engine,
            Destination... destinations) {
        entries.add(IpvsTable.Entry.of(
                new Service(key, scheduler, flags, timeoutSec, mask, engine), List.of(destinations)));
    }

    private Observation everyKind() {
        add(WEB, "wrr", 0, 0, -1, "",
                row("10.9.0.11", 80, 0, 3, 0, 0), row("10.9.0.12", 80, 3, 0, 100, 50), tunnel(14, 1, 6080, 0),
                tunnel(15, 1, 6080, 1), tunnel(16, 1, 6080, 2), tunnel(17, 2, 0, 0), tunnel(18, 2, 0, 1),
                row("10.9.0.19", 80, 2, 100_000, 0, 0), row("10.9.0.20", 80, 1, 1, 0, 0),
                row("10.9.0.21", 80, 4, 1, 0, 0), row("2001:db8::19", 80, 2, 1, 0, 0));
        add(at(Protocol.TCP, "10.9.0.50", 0), "sh", 0x19, 360, -1, "");
        add(at(Protocol.TCP, "10.9.0.50", 84), "mh", 0x18, 0, -1, "");
        add(at(Protocol.TCP, "10.9.0.50", 85), "mh", 0x20, 0, -1, "");
        add(at(Protocol.TCP, "10.9.0.50", 86), "wlc", 0x38, 0, -1, "");
        add(at(Protocol.UDP, "10.9.0.50", 53), "rr", 4, 0, -1, "", row("10.9.0.11", 53, 3, 1, 0, 0));
        add(at(Protocol.UDP, "10.9.0.50", 5062), "sh", 0x15, 300, 0xffff0000, "sip");
        add(at(Protocol.SCTP, "10.9.0.50", 2905), "rr", 0, 0, -1, "", row("10.9.0.11", 2905, 0, 1, 0, 0));
        add(at(Protocol.TCP, "2001:db8::50", 80), "rr", 1, 60, 64, "",
                row("2001:db8:1111:2222:3333:4444:5555:6666", 80, 3, 2, 0, 0));
        add(at(Protocol.TCP, "2001:db8::50", 81), "rr", 0, 0, 64, "");
        add(new Mark(7, false), "wlc", 1, 30, -1, "", row("10.9.0.62", 0, 2, 2, 0, 0));
        add(new Mark(8, true), "wlc", 1, 30, 64, "", row("2001:db8::12", 81, 0, 2, 0, 0));
        add(new Mark(0xffffffffL, false), "rr", 0, 0, -1, "");
        traffic.put(WEB, new Traffic(3, 99_999_999, 100_000_000, 123_456_789_012L, 123_456_789_012_345L,
                1, 2, 3, 4, 5_000_000_000L));
        DestinationId first = new DestinationId(WEB, new Endpoint(InetAddress.ofLiteral("10.9.0.11"), 80));
        loads.put(first, new Load(12, 3, 1, new Traffic(1, 6, 4, 393, 284, 0, 1, 0, 49, 35)));
        return new Observation(new IpvsTable(entries), traffic, loads, 0);
    }

    @Test
    void asIpvsadmPrintsIt() throws IOException {
        JudgedTable table = JudgedTable.unjudged(everyKind());
        assertEquals(golden("list.txt"), TableForm.LIST.text(table, INFO));
        assertEquals(golden("stats.txt"), TableForm.STATS.text(table, INFO));
        assertEquals(golden("rates.txt"), TableForm.RATES.text(table, INFO));
        assertEquals(golden("save.txt"), TableForm.SAVE.text(table, INFO));
    }

    private static JudgedTable judged() {
        Service web = new Service(WEB, "wlc", 0, 0, -1, "");
        Destination first = row("10.9.0.11", 80, 3, 1, 0, 0);
        Destination gone = row("10.9.0.12", 80, 3, 1, 0, 0);
        Destination ends = row("10.9.0.13", 80, 3, 0, 0, 0);
        ServiceKey other = at(Protocol.UDP, "10.9.0.50", 53);
        Service foreign = new Service(other, "rr", 0, 0, -1, "");
        Service missing = new Service(new Mark(7, false), "rr", 0, 0, -1, "");
        DesiredTable desired = new DesiredTable(
                new IpvsTable(List.of(
                        IpvsTable.Entry.of(web, List.of(first.withWeight(5), gone, ends)),
                        IpvsTable.Entry.of(missing, List.of()))),
                Map.of(WEB, "web", missing.key(), "marked"), Map.of());
        IpvsTable kernel = new IpvsTable(List.of(
                IpvsTable.Entry.of(web, List.of(first, ends)), IpvsTable.Entry.of(foreign, List.of())));
        DestinationId busy = new DestinationId(WEB, ends.at());
        Observation observed = new Observation(kernel, Map.of(WEB, new Traffic(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
                Map.of(busy, new Load(2, 0, 0, Traffic.NONE)), 2);
        return JudgedTable.of(desired, observed, Set.of(busy));
    }

    @Test
    void withWhatVipdThinksOfEachRow() throws IOException {
        assertEquals(golden("judged.txt"), TableForm.LIST.text(judged(), INFO));
        assertEquals(golden("judged-stats.txt"), TableForm.STATS.text(judged(), Optional.empty()));
        assertEquals(golden("judged.json"), TableForm.JSON.text(judged(), INFO));
    }

    @Test
    void whatIsMissingIsNotSaved() {
        assertEquals("""
                -A -t 10.9.0.50:80 -s wlc
                -a -t 10.9.0.50:80 -r 10.9.0.11:80 -g -w 1
                -a -t 10.9.0.50:80 -r 10.9.0.13:80 -g -w 0
                -A -u 10.9.0.50:53 -s rr
                """, TableForm.SAVE.text(judged(), INFO));
    }

    @Test
    void theCommandNamesTheForm() {
        for (TableForm form : TableForm.values()) {
            assertEquals(Optional.of(form), TableForm.of(form.command()));
        }
        assertEquals("ipvs save", TableForm.SAVE.command());
        assertEquals(Optional.empty(), TableForm.of("ipvs"));
        assertEquals(Optional.empty(), TableForm.of("ipvs SAVE"));
    }
}
