package dev.vipd.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1:80",
        "2001:db8:0:0:0:0:0:1, [2001:db8::1]:80",
        "0:0:0:0:0:0:0:0, [::]:80",
        "0:0:0:0:0:0:0:1, [::1]:80",
        "fe80:0:0:0:0:0:0:0, [fe80::]:80",
        "1:2:3:4:5:6:7:8, [1:2:3:4:5:6:7:8]:80",
        // RFC 5952: 4.1 no leading zeros, 4.2.2 not one zero alone, 4.2.3 the longest run, or else the first,
        // 4.3 lower case
        "2001:0DB8:0000:0001:0001:0001:0001:000A, [2001:db8:0:1:1:1:1:a]:80",
        "2001:0:0:1:0:0:0:1, [2001:0:0:1::1]:80",
        "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:80",
    })
    void writesAddressAndPort(String address, String text) {
        assertEquals(text, Endpoints.format(InetAddress.ofLiteral(address), 80));
    }

    /** RFC 5952, section 5. The JDK would read it as an address of IPv4. */
    @Test
    void anAddressOfIpv4InIpv6EndsInItsOwnForm() throws UnknownHostException {
        byte[] bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, (byte) 129};
        assertEquals("[::ffff:192.0.2.129]:80", Endpoints.format(Inet6Address.getByAddress(null, bytes, -1), 80));
    }
}
