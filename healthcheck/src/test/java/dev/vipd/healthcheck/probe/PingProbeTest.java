package dev.vipd.healthcheck.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.Route;
import dev.vipd.netlink.sys.IcmpSocket;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ping} over loopback. */
class PingProbeTest {
    @BeforeAll
    static void needsRawSockets() throws IOException {
        Epoll.ensureAvailability(); // loads what FileDescriptor needs
        int fd = IcmpSocket.open(false, 1);
        assumeTrue(fd >= 0, "raw sockets need CAP_NET_RAW");
        new FileDescriptor(fd).close();
    }

    private static Route route(String address, Optional<String> bindTo, Optional<String> bindInterface) {
        return new Route(
                new InetSocketAddress(InetAddress.ofLiteral(address), 0),
                bindTo.map(InetAddress::ofLiteral), 0, bindInterface, 0);
    }

    private static PingProbe ping(Route route) {
        return new PingProbe(new ProbeConfig.Ping(route));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.77.0.1", "::1"})
    void whoIsThereReplies(String address) throws Exception {
        CheckOutcome outcome = ProbeTester.once(ping(route(address, Optional.empty(), Optional.empty())));
        assertEquals("passed", outcome.text());
    }

    @Test
    void theWayIsKept() throws Exception {
        assertEquals("passed", ProbeTester.once(
                ping(route("127.0.0.1", Optional.of("127.0.0.9"), Optional.of("lo")))).text());
        assertEquals("passed", ProbeTester.once(ping(route("::1", Optional.empty(), Optional.of("lo")))).text());
    }

    @Test
    void whatThisMachineRefusesIsALocalFault() throws Exception {
        assertEquals(
                new CheckOutcome.LocalFault("no such interface"),
                ProbeTester.once(ping(route("127.0.0.1", Optional.empty(), Optional.of("vipd-none")))));
        assertEquals(
                new CheckOutcome.LocalFault("no source address or port"),
                ProbeTester.once(ping(route("127.0.0.1", Optional.of("192.0.2.77"), Optional.empty()))));
        assertEquals(
                new CheckOutcome.LocalFault("a link-local address needs bind_if or a scope"),
                ProbeTester.once(ping(route("fe80::1", Optional.empty(), Optional.empty()))));
        // lo leads to loopback addresses only
        assertInstanceOf(
                CheckOutcome.LocalFault.class,
                ProbeTester.once(ping(route("ff05::77", Optional.of("::1"), Optional.of("lo")))));
    }

    @Test
    void allChecksOfALoopShareASocketWhichGoesWithTheLast() throws Exception {
        long before = rawSockets();
        try (ProbeTester tester = new ProbeTester()) {
            List<PingProbe> probes = new ArrayList<>();
            for (int i = 1; i <= 200; i++) {
                probes.add(ping(route("127.0.1." + i, Optional.empty(), Optional.empty())));
                assertEquals("passed", tester.run(probes.getLast()).text());
            }
            assertEquals(before + 1, rawSockets());
            tester.onLoop(() -> probes.forEach(PingProbe::close));
            assertEquals(before, rawSockets());
        }
    }

    /** Of this process. */
    private static long rawSockets() throws IOException {
        List<String> inodes = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/net/raw"))) {
            inodes.add("socket:[" + line.strip().split("\\s+")[9] + "]");
        }
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.filter(fd -> inodes.contains(linkOf(fd))).count();
        }
    }

    private static String linkOf(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }
}
