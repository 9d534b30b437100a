package dev.vipd.director.doctor.io;

import dev.vipd.director.doctor.Facts;
import dev.vipd.director.doctor.SyncMessage;
import dev.vipd.ipvs.SyncDaemon;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Listens to the group of the sync daemons, without sending anything. */
final class SyncListener {
    private static final int HEARD_MAX = 64;
    private static final int MESSAGE_BYTES_MAX = 65_535;
    private static final InetAddress USUAL_GROUP = InetAddress.ofLiteral("224.0.0.81");
    private static final int USUAL_PORT = 8848;

    private SyncListener() {}

    /**
     * Listens for some seconds.
     *
     * @param own addresses of this host, whose messages are left out
     */
    static Facts.Sync listen(SyncDaemon daemon, Set<InetAddress> own, int seconds) {
        InetAddress group = daemon.group().orElse(USUAL_GROUP);
        boolean six = !(group instanceof Inet4Address);
        List<Facts.Heard> heard = new ArrayList<>();
        try (DatagramChannel channel = DatagramChannel.open(
                        six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
                Selector selector = Selector.open()) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true); // beside the kernel's own daemon
            channel.bind(new InetSocketAddress(daemon.port() == 0 ? USUAL_PORT : daemon.port()));
            channel.join(group, device(daemon.interfaceName()));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            ByteBuffer buffer = ByteBuffer.allocate(MESSAGE_BYTES_MAX);
            long endNs = System.nanoTime() + seconds * 1_000_000_000L;
            for (long leftNs = endNs - System.nanoTime(); leftNs > 0; leftNs = endNs - System.nanoTime()) {
                selector.select(Math.max(1, leftNs / 1_000_000));
                selector.selectedKeys().clear();
                read(channel, buffer, own, heard);
            }
            return new Facts.Sync(seconds, Optional.empty(), heard);
        } catch (IOException | RuntimeException e) { // an interface without an address can't join, unchecked
            return new Facts.Sync(0, Optional.of(String.valueOf(e.getMessage())), heard);
        }
    }

    private static void read(DatagramChannel channel, ByteBuffer buffer, Set<InetAddress> own, List<Facts.Heard> heard)
            throws IOException {
        while (channel.receive(buffer.clear()) instanceof InetSocketAddress from) {
            InetAddress sender = from.getAddress();
            SyncMessage.decode(buffer.flip())
                    .map(message -> new Facts.Heard(sender, message))
                    .filter(message -> !own.contains(sender) && !heard.contains(message))
                    .filter(_ -> heard.size() < HEARD_MAX)
                    .ifPresent(heard::add);
        }
    }

    private static NetworkInterface device(String name) throws IOException {
        return NetworkInterface.networkInterfaces()
                .filter(device -> device.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IOException("there is no interface " + name));
    }
}
