package dev.vipd.ipvs;

import java.net.InetAddress;

/**
 * Identity of a service in the kernel's table.
 *
 * @param protocol transport protocol
 * @param address  virtual address
 * @param port     virtual port, 0..65535; 0 means any and needs persistence
 */
public record ServiceKey(Protocol protocol, InetAddress address, int port) {

    /** Transport protocol with its IP protocol number. */
    public enum Protocol {
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

    /** For people and logs: {@code tcp:192.0.2.1:80}, {@code tcp:[2001:db8::1]:80}. */
    @Override
    public String toString() {
        return protocol.name().toLowerCase(java.util.Locale.ROOT) + ":" + Endpoints.format(address, port);
    }
}
