package dev.vipd.ipvs;

import static dev.vipd.ipvs.Tables.at;
import static dev.vipd.ipvs.Tables.desired;
import static dev.vipd.ipvs.Tables.destination;
import static dev.vipd.ipvs.Tables.entry;
import static dev.vipd.ipvs.Tables.key;
import static dev.vipd.ipvs.Tables.table;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.Observation.DestinationId;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.ServiceKey.Protocol;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class JudgedTableTest {
    private static Observation observed(IpvsTable table) {
        return new Observation(table, Map.of(), Map.of(), 0);
    }

    private static String text(JudgedTable table) {
        return table.services().stream()
                .map(service -> service.service().key() + " " + service.name().orElse("-") + " "
                        + service.judgement().text() + "\n"
                        + service.destinations().stream()
                                .map(row -> "  " + row.destination().at() + " " + row.destination().weight() + " "
                                        + row.judgement().text() + "\n")
                                .collect(Collectors.joining()))
                .collect(Collectors.joining());
    }

    @Test
    void whatIsAsItMustBeIsOurs() {
        IpvsTable whole = table(entry(80, destination(1, 1), destination(2, 0)));
        assertEquals("""
                tcp:192.0.2.100:80 s80 ours
                  192.0.2.1:80 1 ours
                  192.0.2.2:80 0 ours
                """, text(JudgedTable.of(desired(whole), observed(whole), Set.of())));
    }

    @Test
    void whatNobodyConfiguredIsForeignWithAllThatIsInIt() {
        assertEquals("""
                tcp:192.0.2.100:80 - foreign
                  192.0.2.1:80 1 foreign
                """, text(JudgedTable.of(
                        DesiredTable.EMPTY, observed(table(entry(80, destination(1, 1)))), Set.of())));
    }

    @Test
    void whatDiffersSaysHowAndWhatIsAbsentIsListed() {
        IpvsTable want = table(entry(80, destination(1, 1), destination(3, 1)), entry(81, destination(1, 5)));
        Service found = new Service(key(80), "wlc", 1, 300, -1, "");
        IpvsTable kernel = table(IpvsTable.Entry.of(found, List.of(destination(1, 7), destination(2, 1))));
        assertEquals("""
                tcp:192.0.2.100:80 s80 drifted: found wlc persistent=300, want wlc
                  192.0.2.1:80 7 drifted: found DR weight=7, want DR weight=1
                  192.0.2.2:80 1 drifted: found DR weight=1, want absent
                  192.0.2.3:80 1 missing
                tcp:192.0.2.100:81 s81 missing
                  192.0.2.1:80 5 missing
                """, text(JudgedTable.of(desired(want), observed(kernel), Set.of())));
    }

    @Test
    void aDrainLastsWhileThereAreConnections() {
        IpvsTable whole = table(entry(80, destination(1, 0), destination(2, 0), destination(3, 0), destination(4, 2)));
        DestinationId busy = new DestinationId(key(80), at(1));
        DestinationId closing = new DestinationId(key(80), at(2));
        DestinationId empty = new DestinationId(key(80), at(3));
        DestinationId back = new DestinationId(key(80), at(4));
        Observation observed = new Observation(whole, Map.of(), Map.of(
                busy, new Load(3, 0, 0, Traffic.NONE),
                closing, new Load(0, 1, 0, Traffic.NONE),
                empty, new Load(0, 0, 4, Traffic.NONE)), 0);
        assertEquals("""
                tcp:192.0.2.100:80 s80 ours
                  192.0.2.1:80 0 draining
                  192.0.2.2:80 0 draining
                  192.0.2.3:80 0 drained
                  192.0.2.4:80 2 ours
                """, text(JudgedTable.of(desired(whole), observed, Set.of(busy, closing, empty, back))));
    }

    @Test
    void aFallbackIsToldOnlyWhereItIsTheOneThatWasConfigured() {
        Service want = new Service(key(80), "mh", Service.SCHED2 | 1, 60, -1, "");
        DesiredTable desired = new DesiredTable(
                table(IpvsTable.Entry.of(want, List.of())), Map.of(key(80), "web"), Map.of(key(80), "sh"));
        Service fallen = new Service(key(80), "sh", 1, 60, -1, "");
        assertEquals("tcp:192.0.2.100:80 web fallback scheduler: the kernel has no mh\n", text(JudgedTable.of(
                desired, observed(table(IpvsTable.Entry.of(fallen, List.of()))), Set.of())));
        Service other = new Service(key(80), "rr", 1, 60, -1, "");
        assertEquals(
                "tcp:192.0.2.100:80 web drifted: found rr persistent=60, want mh persistent=60 flags=0x11\n",
                text(JudgedTable.of(desired, observed(table(IpvsTable.Entry.of(other, List.of()))), Set.of())));
    }

    /** As ipvsadm sorts, but for addresses and marks of the upper half, which it takes for negative. */
    @Test
    void theOrderIsByMarkFamilyProtocolAddressAndPort() {
        InetAddress low = InetAddress.ofLiteral("10.0.0.1");
        InetAddress high = InetAddress.ofLiteral("192.0.2.1");
        InetAddress six = InetAddress.ofLiteral("2001:db8::1");
        List<ServiceKey> sorted = List.of(
                ServiceKey.of(Protocol.TCP, low, 81),
                ServiceKey.of(Protocol.TCP, high, 80),
                ServiceKey.of(Protocol.TCP, high, 443),
                ServiceKey.of(Protocol.UDP, low, 53),
                ServiceKey.of(Protocol.SCTP, low, 5),
                ServiceKey.of(Protocol.TCP, six, 80),
                new ServiceKey.Mark(7, false),
                new ServiceKey.Mark(7, true),
                new ServiceKey.Mark(8, false),
                new ServiceKey.Mark(0xffffffffL, false));
        List<IpvsTable.Entry> entries = sorted.reversed().stream()
                .map(it -> IpvsTable.Entry.of(
                        Service.of(it, Scheduling.of("rr", it.ipv6())),
                        List.of(new Destination(new Endpoint(six, 1), 2, 1, 0, 0, Destination.Tunnel.IPIP),
                                new Destination(new Endpoint(high, 1), 2, 1, 0, 0, Destination.Tunnel.IPIP),
                                new Destination(new Endpoint(low, 1), 2, 1, 0, 0, Destination.Tunnel.IPIP))))
                .toList();
        JudgedTable judged = JudgedTable.unjudged(observed(new IpvsTable(entries)));
        assertEquals(sorted, judged.services().stream().map(it -> it.service().key()).toList());
        for (JudgedTable.ServiceRow service : judged.services()) {
            assertEquals(List.of(low, high, six),
                    service.destinations().stream().map(row -> row.destination().at().address()).toList());
            assertEquals(Judgement.Kind.UNKNOWN, service.judgement().kind());
        }
    }
}
