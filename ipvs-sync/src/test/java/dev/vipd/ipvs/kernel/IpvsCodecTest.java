package dev.vipd.ipvs.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.vipd.ipvs.Destination.Tunnel;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey.Protocol;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.Traffic;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.Vectors;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IpvsCodecTest {
    private static final ServiceKey WEB = key("192.0.2.100", 80);
    private static final ServiceKey WEB6 = key("2001:db8::100", 80);

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    private static ServiceKey key(String address, int port) {
        return ServiceKey.of(Protocol.TCP, InetAddress.ofLiteral(address), port);
    }

    private static Destination destination(String address, int port, int method, int weight, int upper, Tunnel tunnel) {
        return new Destination(new Endpoint(InetAddress.ofLiteral(address), port), method, weight, upper, 0, tunnel);
    }

    private static Destination dr(int weight) {
        return destination("192.0.2.11", 80, 3, weight, 0, Tunnel.IPIP);
    }

    private static void assertRequest(String vector, IpvsOp op) {
        assertArrayEquals(Vectors.message(vector).payload(), IpvsCodec.request(op), vector);
    }

    @Test
    void serviceRequestsAreAsCaptured() {
        assertRequest("ipvs-new-service4", new IpvsOp.AddService(new Service(WEB, "rr", 0, 0, -1, "")));
        assertRequest("ipvs-new-service6", new IpvsOp.AddService(new Service(WEB6, "rr", 0, 0, 128, "")));
        assertRequest(
                "ipvs-set-service-persistent",
                new IpvsOp.EditService(new Service(WEB, "wlc", Service.PERSISTENT, 300, -1, "")));
        assertRequest("ipvs-del-service", new IpvsOp.DeleteService(WEB));
        assertRequest("ipvs-new-service-fwmark",
                new IpvsOp.AddService(new Service(new ServiceKey.Mark(7, false), "rr", 0, 0, -1, "")));
    }

    @Test
    void destinationRequestsAreAsCaptured() {
        assertRequest("ipvs-new-dest-dr", new IpvsOp.AddDestination(WEB, dr(1)));
        assertRequest(
                "ipvs-new-dest-masq-thresh",
                new IpvsOp.AddDestination(WEB, destination("192.0.2.21", 8080, 0, 1, 100, Tunnel.IPIP)));
        assertRequest(
                "ipvs-new-dest-tun-gue",
                new IpvsOp.AddDestination(WEB, destination("192.0.2.17", 80, 2, 1, 0, new Tunnel(1, 6080, 1))));
        assertRequest(
                "ipvs-new-dest-tun-gre",
                new IpvsOp.AddDestination(WEB, destination("192.0.2.18", 80, 2, 1, 0, new Tunnel(2, 0, 1))));
        assertRequest("ipvs-set-dest-weight0", new IpvsOp.EditDestination(WEB, dr(0)));
        Endpoint gone = new Endpoint(InetAddress.ofLiteral("192.0.2.99"), 80);
        assertRequest("ipvs-del-dest", new IpvsOp.DeleteDestination(WEB, gone));
    }

    @Test
    void questionsAreAsCaptured() {
        assertArrayEquals(
                Vectors.message("ipvs-get-service-dump-req").payload(), IpvsCodec.request(IpvsCodec.CMD_GET_SERVICE));
        assertArrayEquals(
                Vectors.message("ipvs-get-service").payload(), IpvsCodec.request(IpvsCodec.CMD_GET_SERVICE, WEB));
        assertArrayEquals(
                Vectors.message("ipvs-get-dest-dump-req").payload(), IpvsCodec.request(IpvsCodec.CMD_GET_DEST, WEB));
        assertArrayEquals(Vectors.message("ipvs-get-info").payload(), IpvsCodec.request(SettingsCodec.CMD_GET_INFO));
    }

    @Test
    void capturedServiceIsReadWithoutTheKernelsOwnFlag() {
        assertEquals(
                new IpvsReply.ServiceRow(new Service(WEB, "wlc", Service.PERSISTENT, 300, -1, ""), Traffic.NONE),
                IpvsCodec.service(Vectors.message("ipvs-get-service-reply")));
    }

    @Test
    void maskOfIpv4IsReadInNetworkOrder() {
        assertEquals(
                new IpvsReply.ServiceRow(
                        new Service(key("192.0.2.100", 443), "wlc", Service.PERSISTENT, 300, 0xffffff00, ""),
                        Traffic.NONE),
                IpvsCodec.service(Vectors.message("ipvsadm-add-service-persist-mask")));
    }

    @Test
    void serviceOfAnotherProtocolIsForeign() {
        // the captured dump begins with a service of protocol 1, which the kernel does not refuse
        assertEquals(new IpvsReply.ForeignService(), IpvsCodec.service(Vectors.message("ipvs-get-service-dump-reply")));
    }

    @Test
    void serviceOfAMarkIsRead() {
        assertEquals(
                new IpvsReply.ServiceRow(
                        new Service(new ServiceKey.Mark(7, false), "rr", 0, 0, -1, ""), Traffic.NONE),
                IpvsCodec.service(Vectors.message("ipvs-new-service-fwmark")));
        assertEquals(
                new IpvsReply.ServiceRow(
                        new Service(new ServiceKey.Mark(7, false), "sh", Service.SCHED1 | Service.SCHED2, 0, -1, ""),
                        Traffic.NONE),
                IpvsCodec.service(Vectors.message("ipvsadm-add-fwmark-sh-flags")));
        assertEquals(
                new IpvsReply.ServiceRow(
                        new Service(new ServiceKey.Mark(8, true), "mh", Service.SCHED1 | Service.SCHED2, 0, 128, ""),
                        Traffic.NONE),
                IpvsCodec.service(Vectors.message("ipvsadm-add-fwmark6-mh-flags")));
    }

    @Test
    void capturedDestinationIsRead() {
        assertEquals(
                new IpvsReply.DestinationRow(
                        destination("192.0.2.22", 80, 7, 1, 0, Tunnel.IPIP), Load.NONE),
                IpvsCodec.destination(Vectors.message("ipvs-get-dest-dump-reply"), WEB));
    }

    @Test
    void thresholdsOfIpvsadmAreRead() {
        Endpoint at = new Endpoint(InetAddress.ofLiteral("192.0.2.12"), 8080);
        assertEquals(
                new IpvsReply.DestinationRow(
                        new Destination(at, 0, 2, 100, 50, Tunnel.IPIP), Load.NONE),
                IpvsCodec.destination(Vectors.message("ipvsadm-add-dest-masq-thresh"), WEB));
    }

    @Test
    void capturedInfoIsRead() {
        assertEquals(
                Optional.of(new IpvsInfo("1.2.1", 4096)), SettingsCodec.info(Vectors.message("ipvs-get-info-reply")));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsWrittenIsReadBack(int seed) {
        Random random = new Random(seed);
        Service service = randomService(random);
        assertEquals(
                new IpvsReply.ServiceRow(service, Traffic.NONE),
                IpvsCodec.service(message(IpvsCodec.request(new IpvsOp.AddService(service)))));

        Tunnel tunnel = random.nextBoolean()
                ? Tunnel.IPIP
                : new Tunnel(random.nextInt(3), random.nextInt(0x10000), random.nextInt(3));
        Endpoint at = new Endpoint(randomAddress(random), random.nextInt(0x10000));
        Destination destination = new Destination(
                at, random.nextInt(8), random.nextInt() >>> 1, random.nextInt() >>> 1, random.nextInt() >>> 1, tunnel);
        assertEquals(
                new IpvsReply.DestinationRow(destination, Load.NONE),
                IpvsCodec.destination(
                        message(IpvsCodec.request(new IpvsOp.AddDestination(service.key(), destination))),
                        service.key()));
    }

    private static Service randomService(Random random) {
        Protocol protocol = Protocol.values()[random.nextInt(Protocol.values().length)];
        ServiceKey key = random.nextInt(4) == 0
                ? new ServiceKey.Mark(1 + (random.nextInt() & 0xfffffffeL), random.nextBoolean())
                : ServiceKey.of(protocol, randomAddress(random), random.nextInt(0x10000));
        return new Service(key, "s".repeat(1 + random.nextInt(15)), random.nextInt(), random.nextInt() >>> 1,
                random.nextInt(), random.nextBoolean() ? "" : "sip");
    }

    /** Of either family, and those of IPv6 that contain one of IPv4. */
    private static InetAddress randomAddress(Random random) {
        byte[] tail = new byte[4];
        random.nextBytes(tail);
        String v4 = (tail[0] & 0xff) + "." + (tail[1] & 0xff) + "." + (tail[2] & 0xff) + "." + (tail[3] & 0xff);
        return switch (random.nextInt(3)) {
            case 0 -> InetAddress.ofLiteral(v4);
            case 1 -> InetAddress.ofLiteral("2001:db8::" + Integer.toHexString(random.nextInt(0x10000)));
            default -> InetAddress.ofLiteral("64:ff9b::" + v4);
        };
    }

    @Test
    void mappedAddressStaysIpv6() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        mapped[15] = 1;
        ServiceKey key = ServiceKey.of(Protocol.TCP, Inet6Address.getByAddress(null, mapped, -1), 80);
        Service service = new Service(key, "rr", 0, 0, 128, "");
        assertEquals(
                new IpvsReply.ServiceRow(service, Traffic.NONE),
                IpvsCodec.service(message(IpvsCodec.request(new IpvsOp.AddService(service)))));
    }

    @Test
    void rowsThatAreCutAreMalformed() {
        byte[] service = Vectors.message("ipvs-get-service-reply").payload();
        byte[] destination = Vectors.message("ipvs-get-dest-dump-reply").payload();
        for (int length = 0; length < 300; length++) {
            NlMessage cutService = message(Arrays.copyOf(service, length));
            assertInstanceOf(IpvsReply.Malformed.class, IpvsCodec.service(cutService), "service cut to " + length);
            NlMessage cut = message(Arrays.copyOf(destination, length));
            assertInstanceOf(IpvsReply.Malformed.class, IpvsCodec.destination(cut, WEB), "cut to " + length);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void readingNeverThrows(int seed) {
        Random random = new Random(seed);
        byte[][] captured = {
            Vectors.message("ipvs-get-service-reply").payload(), Vectors.message("ipvs-get-dest-dump-reply").payload()
        };
        for (int i = 0; i < 200; i++) {
            byte[] bytes = captured[i & 1].clone();
            if (i % 4 == 3) {
                bytes = new byte[random.nextInt(400)];
                random.nextBytes(bytes);
            } else {
                for (int changes = random.nextInt(8); changes >= 0; changes--) {
                    bytes[random.nextInt(Math.min(bytes.length, 120))] = (byte) random.nextInt();
                }
            }
            NlMessage message = message(bytes);
            IpvsCodec.service(message);
            IpvsCodec.destination(message, WEB);
            IpvsCodec.destination(message, WEB6);
            SettingsCodec.info(message);
        }
    }

    private static NlMessage message(byte[] payload) {
        return new NlMessage(0x20, 0, 1, 1, payload);
    }
}
