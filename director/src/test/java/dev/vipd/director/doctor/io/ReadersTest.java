package dev.vipd.director.doctor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.config.ConfigLoader;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.director.doctor.Facts;
import dev.vipd.director.doctor.SyncMessage;
import dev.vipd.ipvs.SyncDaemon;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadersTest {
    @TempDir
    Path root;

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void modulesAreThereInThreeWays() throws IOException {
        file("proc/modules", "ip_vs_rr 16384 0 - Live 0x0\nveth 1 0 - Live 0x0\nip_vs 1 1 ip_vs_rr, Live 0x0\n");
        assertEquals(new Facts.Modules(Set.of("ip_vs_rr", "ip_vs"), false, false), ModuleFiles.read(root));
        file("proc/sys/kernel/osrelease", "6.1.0-9\n");
        file("lib/modules/6.1.0-9/modules.dep", "kernel/net/netfilter/ipvs/ip_vs_wrr.ko.zst: a/ip_vs.ko b/x.ko\n"
                + "kernel/net/netfilter/ipvs/ip_vs_pe_sip.ko: \nkernel/fs/ext4.ko:\n");
        file("lib/modules/6.1.0-9/modules.builtin", "kernel/net/netfilter/ipvs/ip-vs-lc.ko\n");
        file("usr/sbin/nft", "");
        assertTrue(root.resolve("usr/sbin/nft").toFile().setExecutable(true));
        assertEquals(
                new Facts.Modules(Set.of("ip_vs_rr", "ip_vs", "ip_vs_wrr", "ip_vs_pe_sip", "ip_vs_lc"), true, true),
                ModuleFiles.read(root));
    }

    /** The real kernel, asked without and with privileges: nothing throws, and what is local is known as such. */
    @Test
    void thisHost() throws Exception {
        VipdConfig config = ConfigLoader.load("""
                virtual_servers:
                  web: { address: 127.0.0.9:80, lb_algo: rr, real_servers: [ { address: 127.0.0.1 } ] }
                """, "test.yaml").config().orElseThrow();
        Facts facts = Gatherer.gather(config, root.resolve("none.sock"));
        InetAddress server = InetAddress.ofLiteral("127.0.0.1");
        assertEquals(new Facts.Way("lo", Optional.empty(), true, 65_536), facts.network().ways().get(server));
        assertTrue(facts.network().links().stream().anyMatch(link -> link.name().equals("lo")));
        assertEquals(List.of(), facts.sync().heard());
        assertEquals(false, facts.daemon());
        assertTrue(facts.sysctls().containsKey("ipv4/ip_forward"), facts.sysctls().toString());
    }

    @Test
    void mastersThatTheDaemonHears() {
        assertEquals(Set.of(InetAddress.ofLiteral("10.9.0.2"), InetAddress.ofLiteral("fe80::2")), Gatherer.masters("""
                {"instances": [{"master": {
                  "address": "10.9.0.2", "priority": 1}}, {"master": null}, {"master":{"address":"fe80::2%eth0"}},
                  {"kind": "master", "address": "10.9.0.3"}, {"master": {"address": "1:2:3"}}]}
                """));
    }

    /** A real socket, which multicasts over the loopback interface only. */
    @Test
    void messagesOfASyncDaemonAreHeard() throws Exception {
        InetAddress group = InetAddress.ofLiteral("239.255.81.81");
        try (DatagramChannel sender = DatagramChannel.open(StandardProtocolFamily.INET)) {
            NetworkInterface lo = NetworkInterface.networkInterfaces()
                    .filter(device -> device.getName().equals("lo")).findFirst().orElseThrow();
            sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo)
                    .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                    .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            int port = ((InetSocketAddress) sender.getLocalAddress()).getPort();
            SyncDaemon daemon = new SyncDaemon(SyncDaemon.Role.MASTER, "lo", 51, 0, Optional.of(group), port, 0);
            FutureTask<Facts.Sync> listening =
                    new FutureTask<>(() -> SyncListener.listen(daemon, Set.of(InetAddress.ofLiteral("127.0.0.7")), 1));
            Thread.ofVirtual().start(listening);
            Facts.Sync sync = null;
            while (sync == null) {
                for (String message : List.of("0033000800010000", "0034000800010000", "00")) {
                    byte[] bytes = HexFormat.of().parseHex(message);
                    sender.send(ByteBuffer.wrap(bytes), new InetSocketAddress(group, port));
                }
                try {
                    sync = listening.get(20, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    // it still listens
                }
            }
            assertEquals(Optional.empty(), sync.trouble());
            assertEquals(1, sync.seconds());
            assertEquals(
                    Set.of(new SyncMessage(51, 1), new SyncMessage(52, 1)),
                    sync.heard().stream().map(Facts.Heard::message).collect(Collectors.toSet()));
            assertTrue(sync.heard().stream().allMatch(heard -> heard.from().isLoopbackAddress()), sync.toString());
        }
    }

    @Test
    void anInterfaceThatIsNotThere() {
        SyncDaemon daemon = new SyncDaemon(SyncDaemon.Role.MASTER, "none0", 51, 0, Optional.empty(), 0, 0);
        assertEquals(Optional.of("there is no interface none0"), SyncListener.listen(daemon, Set.of(), 1).trouble());
    }
}
