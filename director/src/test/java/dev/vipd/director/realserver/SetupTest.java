package dev.vipd.director.realserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.realserver.RealServerOptions.Encapsulation;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a host of files: {@code ip} is a script that keeps addresses, one a line, and notes what it was told. */
class SetupTest {
    private static final InetAddress A = InetAddress.ofLiteral("192.0.2.100");
    private static final InetAddress B = InetAddress.ofLiteral("192.0.2.101");
    private static final String IP = """
            #!/bin/sh
            cd "$(dirname "$0")/.." || exit 1
            if [ -e fails ] && echo "$*" | grep -q "$(cat fails)"; then
              echo "RTNETLINK answers: $(cat why)"
              exit 2
            fi
            case "$*" in
              "-o addr show dev "*) grep -h " ${7} " addresses; exit 0 ;;
              "-o addr show to "*) grep -h " ${5%/*}/" addresses; exit 0 ;;
              "addr add "*) echo "1: $5    inet $3 scope global $5" >>addresses
                echo "arp_ignore $(cat proc/sys/net/ipv4/conf/all/arp_ignore)" >>calls ;;
              "addr del "*)
                grep -q " $3 " addresses || { echo "RTNETLINK answers: Cannot assign requested address"; exit 2; }
                grep -v " $3 " addresses >rest; mv rest addresses
                echo "arp_ignore $(cat proc/sys/net/ipv4/conf/all/arp_ignore)" >>calls ;;
              "-o link show dev tunl0") cat up ;;
              "-d -o link show dev eth0") echo "2: eth0: <UP> mtu 1500 link/ether 02:00:00:00:00:01" ;;
              "link set tunl0 up") echo '<NOARP,UP>' >up ;;
              "link set tunl0 down") echo '<NOARP>' >up ;;
            esac
            case "$*" in *show*) ;; *) echo "$*" >>calls ;; esac
            """;

    @TempDir
    Path dir;

    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void makeTheHost() throws IOException {
        Files.createDirectories(dir.resolve("bin"));
        Path ip = Files.writeString(dir.resolve("bin/ip"), IP);
        Files.setPosixFilePermissions(ip, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String file : List.of("addresses", "calls")) {
            Files.writeString(dir.resolve(file), "");
        }
        Files.writeString(dir.resolve("up"), "<NOARP>\n");
        for (String setting : List.of("all/arp_ignore", "all/arp_announce", "tunl0/rp_filter")) {
            Path file = dir.resolve("proc/sys/net/ipv4/conf").resolve(setting);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "0\n");
        }
        reboot("one");
    }

    private void reboot(String bootId) throws IOException {
        Path file = dir.resolve("proc/sys/kernel/random/boot_id");
        Files.createDirectories(file.getParent());
        Files.writeString(file, bootId + "\n");
    }

    private RealServerSetup setup() {
        Host host = new Host(dir, List.of(dir.resolve("bin"), Path.of("/usr/bin"), Path.of("/bin")));
        return new RealServerSetup(host, dir.resolve("state"), told::add);
    }

    private static RealServerOptions dr(InetAddress... vips) {
        return RealServerOptions.dr(List.of(vips));
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(dir.resolve(file));
    }

    private String setting(String key) throws IOException {
        return Files.readString(dir.resolve("proc/sys/net/ipv4/conf").resolve(key)).strip();
    }

    private void set(String key, String value) throws IOException {
        Files.writeString(dir.resolve("proc/sys/net/ipv4/conf").resolve(key), value + "\n");
    }

    @Test
    void shouldApplyAndUndoWithoutATrace() throws IOException {
        setup().apply(dr(A));
        assertEquals(List.of("net/ipv4/conf/all/arp_ignore: 0 -> 1", "net/ipv4/conf/all/arp_announce: 0 -> 2",
                "ip addr add 192.0.2.100/32 dev lo"), told);
        setup().undo(List.of(A), false);
        assertEquals(List.of("arp_ignore 1", "addr add 192.0.2.100/32 dev lo",
                "arp_ignore 1", "addr del 192.0.2.100/32 dev lo"), lines("calls"));
        assertEquals("0", setting("all/arp_ignore"));
        assertEquals("0", setting("all/arp_announce"));
        assertEquals(List.of(), lines("addresses"));
        assertFalse(Files.exists(dir.resolve("state")));
    }

    @Test
    void shouldChangeNothingTwice() throws IOException {
        setup().apply(dr(A));
        List<String> calls = lines("calls");
        told.clear();
        setup().apply(dr(A));
        assertEquals(calls, lines("calls"));
        assertTrue(told.size() == 3 && told.stream().allMatch(line -> line.endsWith(": already so")), told::toString);
    }

    @Test
    void shouldKeepWhatAnotherVipNeeds() throws IOException {
        setup().apply(dr(A));
        set("all/arp_ignore", "0"); // by somebody else, and the second apply mends it
        setup().apply(dr(B));
        setup().undo(List.of(B), false);
        assertEquals("1", setting("all/arp_ignore"));
        setup().undo(List.of(A), false);
        assertEquals("0", setting("all/arp_ignore"));
        assertEquals("arp_ignore 1", lines("calls").get(lines("calls").size() - 2), "at the end of the VIP");
        assertFalse(Files.exists(dir.resolve("state")));
    }

    @Test
    void shouldLeaveWhatWasThereBefore() throws IOException {
        set("all/arp_ignore", "2");
        set("all/arp_announce", "2");
        Files.writeString(dir.resolve("addresses"), "1: lo    inet 192.0.2.100/32 scope global lo\n");
        setup().apply(dr(A));
        setup().undo(List.of(A), false);
        assertEquals(List.of(), lines("calls"));
        assertEquals("2", setting("all/arp_ignore"));
        assertTrue(told.getLast().startsWith("192.0.2.100: already so; "), told::toString);
    }

    @Test
    void shouldLeaveWhatSomebodyElseHasSetSince() throws IOException {
        setup().apply(dr(A));
        set("all/arp_announce", "1");
        Files.writeString(dir.resolve("addresses"), "");
        setup().undo(List.of(A), false);
        assertEquals("1", setting("all/arp_announce"));
        assertTrue(told.contains("net/ipv4/conf/all/arp_announce: left at 1, which somebody else has set"),
                told::toString);
        assertTrue(told.contains("ip addr del 192.0.2.100/32 dev lo: already so"), told::toString);
    }

    /** Newer kernels have texts of their own for it. */
    @Test
    void shouldUndoWhatIsGone() throws IOException {
        for (String gone : List.of("ipv4: Address not found.", "ipv6: address not found.")) {
            setup().apply(dr(A));
            Files.writeString(dir.resolve("fails"), "^addr del");
            Files.writeString(dir.resolve("why"), gone);
            setup().undo(List.of(A), false);
            assertTrue(told.contains("ip addr del 192.0.2.100/32 dev lo: already so"), told::toString);
            assertEquals("0", setting("all/arp_ignore"));
            assertFalse(Files.exists(dir.resolve("state")));
            Files.delete(dir.resolve("fails"));
            Files.writeString(dir.resolve("addresses"), "");
            told.clear();
        }
    }

    @Test
    void shouldTakeBackHalfOfIt() throws IOException {
        setup().apply(dr(A));
        Files.writeString(dir.resolve("fails"), "^addr add 192.0.2.101/32 dev tunl0");
        Files.writeString(dir.resolve("why"), "Operation not permitted");
        IOException e = assertThrows(IOException.class, () -> setup().apply(dr(B).tun(Encapsulation.IPIP)));
        assertEquals("ip addr add 192.0.2.101/32 dev tunl0: RTNETLINK answers: Operation not permitted; run it as root,"
                + " in a container with CAP_NET_ADMIN; what was done before it is taken back", e.getMessage());
        assertEquals(List.of("<NOARP>"), lines("up"));
        assertEquals("0", setting("tunl0/rp_filter"));
        assertEquals("1", setting("all/arp_ignore"), "the other VIP needs it");
        assertTrue(lines("state").stream().noneMatch(line -> line.contains("192.0.2.101")), "nothing is kept for it");
        assertTrue(told.stream().noneMatch(line -> line.contains("addr del 192.0.2.101")), "it was not made");
    }

    @Test
    void shouldForgetWithTheKernel() throws IOException {
        setup().apply(dr(A));
        reboot("two");
        set("all/arp_ignore", "1"); // by sysctl.d, since
        set("all/arp_announce", "0");
        Files.writeString(dir.resolve("addresses"), "");
        setup().apply(dr(A));
        setup().undo(List.of(A), false);
        assertEquals("1", setting("all/arp_ignore"));
        assertEquals("0", setting("all/arp_announce"));
    }

    @Test
    void shouldRefuseAVipThatIsOnTheNetwork() throws IOException {
        Files.writeString(dir.resolve("addresses"), "2: eth0    inet 192.0.2.100/24 scope global eth0\n");
        IOException e = assertThrows(IOException.class, () -> setup().apply(dr(A)));
        assertEquals("192.0.2.100/24 is on eth0 already, and a real server must have 192.0.2.100/32 on lo alone; take"
                + " it away first: ip addr del 192.0.2.100/24 dev eth0", e.getMessage());
        assertEquals("0", setting("all/arp_ignore"));
    }

    @Test
    void shouldRefuseADeviceOfTheNetwork() throws IOException {
        RealServerOptions dr = dr(A);
        IOException e = assertThrows(IOException.class, () -> setup().apply(new RealServerOptions(
                dr.vips(), dr.kind(), dr.tunnel(), dr.outer(), dr.port(), "eth0")));
        assertEquals("there is a device eth0 that is no dummy device; give another name by --device, and it is made",
                e.getMessage());
        assertEquals(List.of(), lines("calls"));
        assertEquals("0", setting("all/arp_ignore"));
    }

    /** As by a race: the device is somebody else's since it was looked at. */
    @Test
    void shouldNotTakeBackWhatItDidNotMake() throws IOException {
        Files.writeString(dir.resolve("fails"), "^link add dummy0");
        Files.writeString(dir.resolve("why"), "File exists");
        RealServerOptions dr = dr(A);
        IOException e = assertThrows(IOException.class, () -> setup().apply(new RealServerOptions(
                dr.vips(), dr.kind(), dr.tunnel(), dr.outer(), dr.port(), "dummy0")));
        assertTrue(e.getMessage().startsWith("ip link add dummy0 type dummy: "), e.getMessage());
        assertEquals(List.of(), lines("calls"));
        assertFalse(Files.exists(dir.resolve("state")));
    }

    @Test
    void shouldSayWhatIsMissing() throws IOException {
        Files.delete(dir.resolve("bin/ip"));
        RealServerSetup setup = new RealServerSetup(
                new Host(dir, List.of(dir.resolve("bin"))), dir.resolve("state"), told::add);
        IOException e = assertThrows(IOException.class, () -> setup.apply(dr(A)));
        assertEquals("the program ip is missing; install iproute2", e.getMessage());
    }

    @Test
    void shouldRefuseAStateThatMeansNothing() throws IOException {
        Files.writeString(dir.resolve("state"), "boot one\nrun reboot now for 192.0.2.100\n");
        IOException e = assertThrows(IOException.class, () -> setup().undo(List.of(A), false));
        assertTrue(e.getMessage().contains("says \"run reboot now for 192.0.2.100\", which means nothing"),
                e.getMessage());
    }

    @Test
    void shouldSurviveAReboot() throws IOException {
        RealServerSetup.Boot boot = new RealServerSetup.Boot("/opt/vipd/bin/vipd",
                List.of("192.0.2.100", "192.0.2.101", "--kind=DR"), List.of("192.0.2.100", "192.0.2.101"));
        IOException none = assertThrows(IOException.class, () -> setup().applyAtBoot(dr(A, B), boot));
        assertTrue(none.getMessage().endsWith("have your init run this at boot, after sysctl settings and network:"
                + " /opt/vipd/bin/vipd realserver apply 192.0.2.100 192.0.2.101 --kind=DR"), none.getMessage());
        assertEquals(List.of(), lines("addresses"), "nothing is done by half");

        Path unit = dir.resolve("etc/systemd/system/vipd-realserver.service");
        Path link = dir.resolve("etc/systemd/system/multi-user.target.wants/vipd-realserver.service");
        Files.createDirectories(unit.getParent());
        setup().applyAtBoot(dr(A, B), boot);
        assertEquals("""
                # Written by vipd realserver apply --boot, removed by vipd realserver undo.
                # for 192.0.2.100 192.0.2.101
                [Unit]
                Description=Real server of LVS
                After=systemd-sysctl.service systemd-modules-load.service network.target
                Before=network-online.target

                [Service]
                Type=oneshot
                RemainAfterExit=yes
                ExecStart=/opt/vipd/bin/vipd realserver apply 192.0.2.100 192.0.2.101 --kind=DR
                ExecStop=/opt/vipd/bin/vipd realserver undo --keep-boot 192.0.2.100 192.0.2.101

                [Install]
                WantedBy=multi-user.target
                """, Files.readString(link));
        setup().applyAtBoot(dr(A, B), boot);

        IOException fewer = assertThrows(IOException.class, () -> setup().applyAtBoot(dr(A), boot));
        assertTrue(fewer.getMessage().endsWith("vipd-realserver.service is for 192.0.2.101 too; name all VIPs of this"
                + " host in one apply --boot, or undo those first"), fewer.getMessage());
        setup().undo(List.of(A, B), true);
        assertTrue(Files.exists(unit), "what the unit itself does at its stop");
        setup().undo(List.of(B), false);
        assertTrue(lines(unit.toString()).containsAll(List.of("# for 192.0.2.100",
                "ExecStart=/opt/vipd/bin/vipd realserver apply 192.0.2.100 --kind=DR",
                "ExecStop=/opt/vipd/bin/vipd realserver undo --keep-boot 192.0.2.100")));
        setup().undo(List.of(A), false);
        assertFalse(Files.exists(unit) || Files.isSymbolicLink(link));
    }
}
