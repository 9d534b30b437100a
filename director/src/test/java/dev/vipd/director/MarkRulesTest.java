package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.director.config.MarkedGroup;
import dev.vipd.director.config.MarkedGroup.Target;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceKey.Protocol;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkRulesTest {
    private static Target one(String address, int port) {
        return target(address, address, port);
    }

    private static Target target(String first, String last, int port) {
        return new Target(InetAddress.ofLiteral(first), InetAddress.ofLiteral(last), port);
    }

    private static MarkedGroup group(long mark, Protocol protocol, Target... targets) {
        boolean ipv6 = targets[0].first().getAddress().length == 16;
        return new MarkedGroup(new ServiceKey.Mark(mark, ipv6), protocol, List.of(targets));
    }

    private static List<String> rules(MarkedGroup... groups) {
        return MarkRules.table(List.of(groups)).lines()
                .map(String::strip)
                .filter(line -> line.contains("meta mark set"))
                .toList();
    }

    @Test
    void theTableMarksWhatComesAndWhatThisHostSends() {
        assertEquals("""
                table inet vipd_ipvs {
                    chain marks {
                        ip daddr { 192.0.2.100 } tcp dport { 80 } meta mark set 7 accept
                        ip6 daddr { 2001:db8:0:0:0:0:0:1 } udp dport { 53 } meta mark set 4294967295 accept
                    }
                    chain prerouting {
                        type filter hook prerouting priority -150; policy accept;
                        jump marks
                    }
                    chain output {
                        type filter hook output priority -150; policy accept;
                        jump marks
                    }
                }
                """, MarkRules.table(List.of(
                        group(7, Protocol.TCP, one("192.0.2.100", 80)),
                        group(4294967295L, Protocol.UDP, one("2001:db8::1", 53)))));
        assertEquals("", MarkRules.table(List.of()));
    }

    @Test
    void portsOfOneSetOfAddressesAreOneRule() {
        assertEquals(
                List.of("ip daddr { 192.0.2.1-192.0.2.9 } tcp dport { 80, 443 } meta mark set 7 accept",
                        "ip daddr { 192.0.2.1 } tcp dport { 8080 } meta mark set 7 accept"),
                rules(group(7, Protocol.TCP, target("192.0.2.1", "192.0.2.9", 443), one("192.0.2.1", 8080),
                        target("192.0.2.1", "192.0.2.9", 80))));
    }

    @Test
    void withoutAPortAllOfTheProtocolIsMarked() {
        assertEquals(
                List.of("ip daddr { 192.0.2.1 } meta l4proto sctp meta mark set 7 accept"),
                rules(group(7, Protocol.SCTP, one("192.0.2.1", 0), one("192.0.2.1", 80))));
    }

    @Test
    void rangesThatOverlapOrTouchAreOne() {
        assertEquals(
                List.of("ip daddr { 192.0.2.1-192.0.2.30, 200.0.0.1 } tcp dport { 80 } meta mark set 7 accept"),
                rules(group(7, Protocol.TCP, target("192.0.2.21", "192.0.2.30", 80), one("200.0.0.1", 80),
                        target("192.0.2.1", "192.0.2.20", 80), target("192.0.2.4", "192.0.2.5", 80))));
        assertEquals(
                List.of("ip6 daddr { 2001:db8:0:0:0:0:0:1-2001:db8:0:0:0:0:0:ff } tcp dport { 80 }"
                        + " meta mark set 7 accept"),
                rules(group(7, Protocol.TCP, target("2001:db8::1", "2001:db8::f", 80),
                        target("2001:db8::f", "2001:db8::ff", 80))));
    }

    @Test
    void oneGroupTwiceIsOne() {
        MarkedGroup group = group(7, Protocol.TCP, one("192.0.2.1", 80));
        assertEquals(1, rules(group, group).size());
    }
}
