package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.sys.Fd;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.netlink.sys.VrrpSocket;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The packet sockets that are open: for each interface one that sends, and one that receives for each address adverts
 * come to (the group, or an own address with unicast peers). Not thread-safe.
 */
final class SocketSet implements AutoCloseable {
    /** What one receive socket is for. The index is part of it: an interface made anew needs new sockets. */
    record Key(String interfaceName, int interfaceIndex, InetAddress local) {}

    /** An open receive socket. */
    record Receiver(Key key, VrrpSocket socket) {}

    private final Map<Key, Receiver> receivers = new LinkedHashMap<>();
    private final Map<Integer, VrrpSocket> senders = new HashMap<>();

    /**
     * Makes the open sockets those of {@code wanted}, closing and opening the difference.
     *
     * @return why some can't be opened; the others are open
     */
    Map<Key, String> update(Set<Key> wanted) {
        closeUnless(receivers.entrySet().iterator(), wanted);
        for (Iterator<Map.Entry<Integer, VrrpSocket>> i = senders.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Integer, VrrpSocket> sender = i.next();
            if (wanted.stream().noneMatch(key -> key.interfaceIndex() == sender.getKey())) {
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
        return trouble;
    }

    Set<Key> open() {
        return Set.copyOf(receivers.keySet());
    }

    private void open(Key key) throws SysException {
        if (!senders.containsKey(key.interfaceIndex())) {
            senders.put(key.interfaceIndex(), VrrpSocket.sender(key.interfaceName(), key.interfaceIndex()));
        }
        if (!receivers.containsKey(key)) {
            VrrpSocket socket = VrrpSocket.receiver(key.interfaceName(), key.interfaceIndex(), key.local());
            receivers.put(key, new Receiver(key, socket));
        }
    }

    List<Receiver> receivers() {
        return List.copyOf(receivers.values());
    }

    static List<Fd> fds(List<Receiver> receivers) {
        return receivers.stream().map(receiver -> receiver.socket().fd()).toList();
    }

    /** The socket to send on, null when the interface has none open. */
    VrrpSocket sender(Link link) {
        return senders.get(link.index());
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
