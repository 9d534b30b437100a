package dev.vipd.ipvs;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;

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
