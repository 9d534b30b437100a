package dev.vipd.director.realserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.realserver.RealServerOptions.Encapsulation;
import dev.vipd.ipvs.ForwardingMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripts are in {@code src/test/resources/realserver}. */
class PlanTest {
    private static final InetAddress V4 = InetAddress.ofLiteral("192.0.2.100");
    private static final InetAddress V6 = InetAddress.ofLiteral("2001:db8::100");
    private static final RealServerOptions BOTH = RealServerOptions.dr(List.of(V4, V6));

    static Stream<Arguments> scripts() {
        return Stream.of(
                Arguments.of("dr", BOTH),
                Arguments.of("dr-dummy", new RealServerOptions(List.of(V4), ForwardingMethod.DR, Encapsulation.IPIP,
                        Optional.empty(), RealServerOptions.GUE_PORT, "vip0")),
                Arguments.of("tun-ipip", BOTH.tun(Encapsulation.IPIP)),
                Arguments.of("tun-gue", BOTH.tun(Encapsulation.GUE)),
                Arguments.of("tun-gre", BOTH.tun(Encapsulation.GRE)),
                Arguments.of("tun-ipip-over-ipv4", BOTH.tun(Encapsulation.IPIP).over(4)),
                Arguments.of("tun-gue-over-ipv6", BOTH.tun(Encapsulation.GUE).over(6)));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void shouldWriteTheScript(String name, RealServerOptions options) throws IOException {
        assertEquals(Files.readString(Path.of("src/test/resources/realserver/" + name + ".sh")), Script.of(options));
    }

    /** The rule that all this is about. */
    @ParameterizedTest
    @MethodSource("scripts")
    void shouldSilenceArpBeforeTheVipIsThere(String name, RealServerOptions options) {
        List<String> lines = Plan.of(options).sequencedKeySet().stream().map(Step::shell).toList();
        int address = indexOf(lines, "addr add 192.0.2.100/32");
        assertTrue(address > indexOf(lines, "all/arp_ignore") && address > indexOf(lines, "all/arp_announce"), name);
    }

    private static int indexOf(List<String> lines, String part) {
        return lines.indexOf(lines.stream().filter(line -> line.contains(part)).findFirst().orElseThrow());
    }

    @Test
    void shouldTakeAddressesOnly() {
        for (String wrong : List.of("127.1", "192.0.2.100/32", "192.0.2.100:80", "web", "", "0.0.0.0", "224.0.0.1",
                "127.0.0.1", "fe80::1", "fe80::1%lo", "::", "010.0.0.1", "$(reboot)", "::ffff:192.0.2.1")) {
            assertEquals(Optional.empty(), RealServerOptions.address(wrong), wrong);
        }
        assertEquals(Optional.of(V6), RealServerOptions.address("2001:DB8:0:0::100"));
    }

    @Test
    void shouldWriteAddressesShort() {
        for (String address : List.of("192.0.2.100", "2001:db8::100", "2001:db8::", "2001:db8:1:2:3:4:5:6",
                "fd00:0:0:1::10")) {
            assertEquals(address, RealServerOptions.text(InetAddress.ofLiteral(address)));
        }
    }
}
