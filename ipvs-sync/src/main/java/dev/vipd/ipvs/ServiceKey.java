package dev.vipd.ipvs;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Identity of a service in the kernel's table. */
public sealed interface ServiceKey {
    /** Whether it is of IPv6. */
    boolean ipv6();

    /** Port of the service; 0 when it has none of its own, so that packets keep theirs. */
    int port();

    /** A service of this address. */
    static At of(Protocol protocol, InetAddress address, int port) {
        return new At(protocol, address, port);
    }

    /** The key that {@code toString} gave this text for; empty when it is no such text. */
    static Optional<ServiceKey> parse(String text) {
        Matcher at = Pattern.compile("(tcp|udp|sctp):\\[?([0-9a-f.:]+?)]?:([0-9]{1,5})").matcher(text);
        Matcher mark = Pattern.compile("fwmark:([0-9]{1,10})(:inet6)?").matcher(text);
        ServiceKey key;
        try {
            if (at.matches()) {
                Protocol protocol = Protocol.valueOf(at.group(1).toUpperCase(Locale.ROOT));
                key = of(protocol, InetAddress.ofLiteral(at.group(2)), Integer.parseInt(at.group(3)));
            } else if (mark.matches()) {
                key = new Mark(Long.parseLong(mark.group(1)), mark.group(2) != null);
            } else {
                return Optional.empty();
            }
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no address
        }
        boolean inRange = key.port() <= 0xffff && !(key instanceof Mark(long number, _) && number > 0xffffffffL);
        return inRange && key.toString().equals(text) ? Optional.of(key) : Optional.empty();
    }

    /**
     * A service of one address.
     *
     * @param protocol transport protocol
     * @param address  virtual address
     * @param port     virtual port, 0..65535; 0 means any and needs persistence
     */
    record At(Protocol protocol, InetAddress address, int port) implements ServiceKey {
        @Override
        public boolean ipv6() {
            return !(address instanceof Inet4Address);
        }

        /** For people and logs: {@code tcp:192.0.2.1:80}, {@code tcp:[2001:db8::1]:80}. */
        @Override
        public String toString() {
            return protocol.name().toLowerCase(Locale.ROOT) + ":" + Endpoints.format(address, port);
        }
    }

    /**
     * A service of all packets that carry a firewall mark, whatever their address, protocol and port.
     *
     * @param mark 1..2^32-1
     * @param ipv6 the packets' family: IPv4 and IPv6 are services of their own
     */
    record Mark(long mark, boolean ipv6) implements ServiceKey {
        @Override
        public int port() {
            return 0;
        }

        /** For people and logs: {@code fwmark:7}, {@code fwmark:7:inet6}. */
        @Override
        public String toString() {
            return "fwmark:" + mark + (ipv6 ? ":inet6" : "");
        }
    }

    /** Transport protocol with its IP protocol number. */
    enum Protocol {
        TCP(6),
        UDP(17),
        SCTP(132);

        private final int number;

        Protocol(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }
}
