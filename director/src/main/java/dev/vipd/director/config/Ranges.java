package dev.vipd.director.config;

import dev.vipd.director.config.MarkedGroup.Target;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Ranges of addresses with a port: {@code 192.0.2.1:80}, {@code 192.0.2.1-10:80}, {@code 192.0.2.1-192.0.2.10:80},
 * {@code 192.0.2.0/28:80}, {@code [2001:db8::1-ff]:80}, {@code [2001:db8::/124]:80}; or as in keepalived.conf with the
 * port behind a blank, {@code 2001:db8::1-ff 80}. The end of a range may be its last octet, of IPv6 its last 16 bits.
 */
final class Ranges {
    private static final String EXPECTED = "an address, range or network with a port, such as 192.0.2.1:80,"
            + " 192.0.2.1-10:80, 192.0.2.0/28:80 or [2001:db8::1-ff]:80";
    private static final int PORT_MAX = 65535;
    private static final int OCTET_MAX = 255;
    private static final int V6_LAST_BYTES = 2;
    private static final Pattern HEX = Pattern.compile("\\p{XDigit}{1,4}");

    private Ranges() {}

    private record Text(String addresses, String port) {}

    /** A range of addresses that hosts can have; what else it may be is reported. */
    static Optional<Target> read(Value value) {
        return value.text(EXPECTED).flatMap(text -> {
            Text split = split(text.strip());
            int port = Addresses.number(split.port(), PORT_MAX);
            if (split.port().isEmpty() && range(split.addresses()).isPresent()) {
                value.error(Spelling.quote(text) + " has no port; give one, or 0 for all");
                return Optional.empty();
            }
            Optional<InetAddress[]> range = port < 0 ? Optional.empty() : range(split.addresses());
            if (range.isEmpty()) {
                value.error(Spelling.quote(text) + " is not " + EXPECTED);
                return Optional.empty();
            }
            return examine(value, new Target(range.get()[0], range.get()[1], port), split.addresses());
        });
    }

    private static Text split(String text) {
        String[] words = text.split("\\s+");
        if (words.length == 2) {
            return new Text(words[0], words[1]);
        }
        int end = text.indexOf(']');
        if (text.startsWith("[") && end > 0 && text.substring(1, end).indexOf(':') >= 0) {
            boolean more = text.startsWith("]:", end);
            return new Text(more || end == text.length() - 1 ? text.substring(1, end) : "",
                    more ? text.substring(end + 2) : "");
        }
        int colon = text.indexOf(':');
        return colon >= 0 && colon == text.lastIndexOf(':')
                ? new Text(text.substring(0, colon), text.substring(colon + 1))
                : new Text(text, "");
    }

    /** The first and the last address. */
    private static Optional<InetAddress[]> range(String text) {
        int slash = text.indexOf('/');
        int dash = text.indexOf('-');
        if (slash < 0 && dash < 0) {
            return Addresses.ip(text).map(address -> new InetAddress[] {address, address});
        }
        int cut = slash < 0 ? dash : slash;
        String rest = text.substring(cut + 1);
        return Addresses.ip(text.substring(0, cut)).flatMap(first ->
                (slash < 0 ? end(first, rest) : lastOfNetwork(first, rest))
                        .map(last -> new InetAddress[] {first, last}));
    }

    private static Optional<InetAddress> end(InetAddress first, String text) {
        byte[] bytes = first.getAddress();
        if (first instanceof Inet4Address) {
            int octet = Addresses.number(text, OCTET_MAX);
            bytes[bytes.length - 1] = (byte) octet;
            return octet >= 0 ? Optional.of(address(bytes)) : Addresses.ip(text).filter(Inet4Address.class::isInstance);
        }
        if (!HEX.matcher(text).matches()) {
            return Addresses.ip(text).filter(last -> !(last instanceof Inet4Address));
        }
        int low = Integer.parseInt(text, 16);
        bytes[bytes.length - V6_LAST_BYTES] = (byte) (low >> Byte.SIZE);
        bytes[bytes.length - 1] = (byte) low;
        return Optional.of(address(bytes));
    }

    private static Optional<InetAddress> lastOfNetwork(InetAddress first, String text) {
        int bits = Byte.SIZE * first.getAddress().length;
        int length = Addresses.number(text, bits);
        if (length < 0) {
            return Optional.empty();
        }
        BigInteger behind = BigInteger.ONE.shiftLeft(bits - length).subtract(BigInteger.ONE);
        return Optional.of(address(number(first).or(behind), first));
    }

    private static Optional<Target> examine(Value value, Target range, String text) {
        String problem = "";
        if (number(range.first()).compareTo(number(range.last())) > 0) {
            problem = "ends before it begins; give the lower address first";
        } else if (text.indexOf('/') >= 0 && !isNetwork(range, text)) {
            problem = "has bits behind its prefix, which no network has; clear them, or give a range such as"
                    + " 192.0.2.1-10";
        } else if (!Addresses.isHost(range.first()) || !Addresses.isHost(range.last())) {
            problem = "holds what is not the address of a host; give unicast addresses";
        }
        if (!problem.isEmpty()) {
            value.error(Spelling.quote(text) + " " + problem);
            return Optional.empty();
        }
        return Optional.of(range);
    }

    private static boolean isNetwork(Target range, String text) {
        int bits = Byte.SIZE * range.first().getAddress().length;
        int length = Addresses.number(text.substring(text.indexOf('/') + 1), bits);
        return size(range).equals(BigInteger.ONE.shiftLeft(bits - length));
    }

    static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    /** How many addresses it has. */
    static BigInteger size(Target range) {
        return number(range.last()).subtract(number(range.first())).add(BigInteger.ONE);
    }

    /** All its addresses; call it for small ones only. */
    static List<InetAddress> addresses(Target range) {
        List<InetAddress> addresses = new ArrayList<>();
        BigInteger first = number(range.first());
        for (int i = 0; i < size(range).intValueExact(); i++) {
            addresses.add(address(first.add(BigInteger.valueOf(i)), range.first()));
        }
        return addresses;
    }

    /** The address of this number, of the family of another one. */
    static InetAddress address(BigInteger number, InetAddress family) {
        byte[] bytes = new byte[family.getAddress().length];
        byte[] digits = number.toByteArray(); // may begin with a zero for the sign
        int count = Math.min(bytes.length, digits.length);
        System.arraycopy(digits, digits.length - count, bytes, bytes.length - count, count);
        return address(bytes);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            // InetAddress.getByAddress would make an IPv4 address of ::ffff:192.0.2.1.
            return bytes.length == Integer.BYTES
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }
}
