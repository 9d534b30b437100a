package dev.vipd.director.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Addresses as text. Never asks a name server: a name is simply no address. */
final class Addresses {
    private static final int OCTETS = 4;
    private static final int OCTET_MAX = 255;
    private static final int DIGITS_MAX = 9;

    private static final Inet4Address BROADCAST = Inet4Address.ofLiteral("255.255.255.255");

    private Addresses() {}

    /** Stricter than {@link InetAddress#ofLiteral}, which takes 127.1 as well. */
    static Optional<Inet4Address> ipv4(String text) {
        int from = 0;
        for (int octet = 1; octet <= OCTETS; octet++) {
            int dot = octet == OCTETS ? text.length() : text.indexOf('.', from);
            if (dot < 0 || number(text, from, dot, OCTET_MAX) < 0) {
                return Optional.empty();
            }
            from = dot + 1;
        }
        return Optional.of(Inet4Address.ofLiteral(text));
    }

    /** IPv4 or IPv6, without a zone and without the IPv4-mapped form. */
    static Optional<InetAddress> ip(String text) {
        if (text.indexOf(':') < 0) {
            return ipv4(text).map(InetAddress.class::cast);
        }
        if (text.indexOf('%') >= 0) {
            return Optional.empty();
        }
        try {
            return InetAddress.ofLiteral(text) instanceof Inet6Address v6 ? Optional.of(v6) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}; port -1 when only an address is given (brackets optional). */
    record Endpoint(InetAddress address, int port) {
        InetSocketAddress withDefaultPort(int defaultPort) {
            return new InetSocketAddress(address, port < 0 ? defaultPort : port);
        }
    }

    static Optional<Endpoint> endpoint(String text) {
        String host = text;
        String port = "";
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0 || text.substring(1, end).indexOf(':') < 0) {
                return Optional.empty();
            }
            host = text.substring(1, end);
            port = text.substring(end + 1);
        } else if (text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') >= 0) {
            host = text.substring(0, text.indexOf(':'));
            port = text.substring(text.indexOf(':'));
        }
        int number = port.isEmpty() ? -1 : port.charAt(0) == ':' ? number(port.substring(1), 65535) : -2;
        return number == -2 ? Optional.empty() : ip(host).map(address -> new Endpoint(address, number));
    }

    /** A decimal number 0..max, or -2. */
    static int number(String text, int max) {
        return number(text, 0, text.length(), max);
    }

    private static int number(String text, int from, int to, int max) {
        int digits = to - from;
        if (digits < 1 || digits > DIGITS_MAX || digits > 1 && text.charAt(from) == '0') {
            return -2;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -2;
            }
            value = 10 * value + digit - '0';
        }
        return value <= max ? value : -2;
    }

    /** Whether a host can have it: not 0.0.0.0 or ::, not multicast, not 255.255.255.255. */
    static boolean isHost(InetAddress address) {
        return !address.isAnyLocalAddress() && !address.isMulticastAddress() && !address.equals(BROADCAST);
    }

    static String family(InetAddress address) {
        return address instanceof Inet4Address ? "IPv4" : "IPv6";
    }
}
