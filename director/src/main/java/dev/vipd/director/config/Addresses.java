package dev.vipd.director.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses as text. Never asks a name server: a name is simply no address. */
final class Addresses {
    // Stricter than InetAddress.ofLiteral, which takes 127.1 as well.
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET);
    private static final Pattern NUMBER = Pattern.compile("0|[1-9]\\d{0,8}");

    private static final Inet4Address BROADCAST = Inet4Address.ofLiteral("255.255.255.255");

    private Addresses() {}

    static Optional<Inet4Address> ipv4(String text) {
        return IPV4.matcher(text).matches() ? Optional.of(Inet4Address.ofLiteral(text)) : Optional.empty();
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
        if (!NUMBER.matcher(text).matches()) {
            return -2;
        }
        int value = Integer.parseInt(text);
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
