package dev.vipd.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.ServiceKey.Protocol;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceKeyTest {
    @Test
    void textIsReadBack() {
        List<ServiceKey> keys = List.of(
                ServiceKey.of(Protocol.TCP, InetAddress.ofLiteral("192.0.2.1"), 80),
                ServiceKey.of(Protocol.UDP, InetAddress.ofLiteral("2001:db8::1"), 0),
                ServiceKey.of(Protocol.SCTP, InetAddress.ofLiteral("::"), 65_535),
                new ServiceKey.Mark(1, false), new ServiceKey.Mark(0xffffffffL, true));
        for (ServiceKey key : keys) {
            assertEquals(Optional.of(key), ServiceKey.parse(key.toString()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "tcp", "tcp:192.0.2.1", "tcp:192.0.2.1:", "tcp:192.0.2.300:80", "tcp:[192.0.2.1]:80", "tcp:2001:db8::1:80",
        "icmp:192.0.2.1:80", "tcp:192.0.2.1:080", "fwmark:", "fwmark:07", "fwmark:7:inet", "tcp:www:80", "tcp:[:]:1",
        "tcp:192.0.2.1:65536", "fwmark:4294967296"
    })
    void otherTextIsNone(String text) {
        assertEquals(Optional.empty(), ServiceKey.parse(text));
    }
}
