package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.sys.Fd;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.netlink.sys.VrrpSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The packet sockets that are open: for each interface and family one that sends, and one that receives for each
 * address and protocol that adverts come to (the group, or an own address with unicast peers). Not thread-safe.
 */
final class SocketSet implements AutoCloseable {
    /**
     * What one receive socket is for. The index is part of it: an interface made anew needs new sockets.
     *
     * @param protocol IP protocol number, 112 or 51
     */
    record Key(String interfaceName, int interfaceIndex, InetAddress local, int protocol) {
        boolean ipv6() {
            return local instanceof Inet6Address;
        }
    }

    private record Sender(int interfaceIndex, boolean ipv6) {
        static Sender of(Key key) {
            return new Sender(key.interfaceIndex(), key.ipv6());
        }
    }

    /** An open receive socket. */
    record Receiver(Key key, VrrpSocket socket) {}

    private final Map<Key, Receiver> receivers = new LinkedHashMap<>();
    private List<Receiver> open = List.of();
    private final Map<Sender, VrrpSocket> senders = new HashMap<>();

    /**
     * Makes the open sockets those of {@code wanted}, closing and opening the difference.
     *
     * @return why some can't be opened; the others are open
     */
    Map<Key, String> update(Set<Key> wanted) {
        closeUnless(receivers.entrySet().iterator(), wanted);
        for (Iterator<Map.Entry<Sender, VrrpSocket>> i = senders.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Sender, VrrpSocket> sender = i.next();
            if (wanted.stream().noneMatch(key -> Sender.of(key).equals(sender.getKey()))) {
                sender.getValue().close();
                i.remove();
            }
        }
        Map<Key, String> trouble = new HashMap<>();
        for (Key key : wanted) {
            try {
                open(key);
            } catch (SysException e) {
                trouble.put(key, e.getMessage());
            }
        }
        if (!open.equals(List.copyOf(receivers.values()))) {
            open = List.copyOf(receivers.values());
        }
        return trouble;
    }

    Set<Key> open() {
        return Set.copyOf(receivers.keySet());
    }

    private void open(Key key) throws SysException {
        Sender sender = Sender.of(key);
        if (!senders.containsKey(sender)) {
            senders.put(sender, VrrpSocket.sender(key.interfaceName(), key.interfaceIndex(), key.ipv6()));
        }
        if (!receivers.containsKey(key)) {
            VrrpSocket socket = VrrpSocket.receiver(
                    key.interfaceName(), key.interfaceIndex(), key.local(), key.protocol());
            receivers.put(key, new Receiver(key, socket));
        }
    }

    /** The same list as before until {@link #update} changes something. */
    List<Receiver> receivers() {
        return open;
    }

    static List<Fd> fds(List<Receiver> receivers) {
        return receivers.stream().map(receiver -> receiver.socket().fd()).toList();
    }

    /** The socket to send on, null when the interface has none open. */
    VrrpSocket sender(Link link, boolean ipv6) {
        return senders.get(new Sender(link.index(), ipv6));
    }

    @Override
    public void close() {
        closeUnless(receivers.entrySet().iterator(), Set.of());
        senders.values().forEach(VrrpSocket::close);
        senders.clear();
    }

    private static void closeUnless(Iterator<Map.Entry<Key, Receiver>> i, Set<Key> wanted) {
        while (i.hasNext()) {
            Map.Entry<Key, Receiver> entry = i.next();
            if (!wanted.contains(entry.getKey())) {
                entry.getValue().socket().close();
                i.remove();
            }
        }
    }
}
