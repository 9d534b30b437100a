package dev.vipd.director.config;

import dev.vipd.netlink.route.IpPrefix;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Networks, tables and numbers as ip-route(8) and ip-rule(8) have them. */
final class Prefixes {
    private static final long TABLE_MAX = 0xffff_ffffL;
    private static final Pattern NUMBER = Pattern.compile("0x\\p{XDigit}{1,8}|0|[1-9]\\d{0,9}");
    private static final Map<String, Long> TABLES = Map.of("default", 253L, "main", 254L, "local", 255L);

    private Prefixes() {}

    /** {@code 10.0.0.0/8}, one address, or {@code default}, {@code all}, {@code any} of a family. */
    static Optional<IpPrefix> prefix(Value value, boolean ipv6) {
        String expected = "a network such as " + (ipv6 ? "2001:db8::/32" : "10.0.0.0/8") + ", or default";
        return value.text(expected).flatMap(text -> {
            if (text.equals("default") || text.equals("all") || text.equals("any")) {
                return Optional.of(IpPrefix.all(InetAddress.ofLiteral(ipv6 ? "::" : "0.0.0.0")));
            }
            int slash = text.indexOf('/');
            Optional<InetAddress> address = Addresses.ip(slash < 0 ? text : text.substring(0, slash));
            int max = address.map(a -> a.getAddress().length * 8).orElse(0);
            int length = slash < 0 ? max : Addresses.number(text.substring(slash + 1), max);
            if (address.isEmpty() || length < 0) {
                value.error(Spelling.quote(text) + " is not " + expected);
                return Optional.empty();
            }
            return Optional.of(new IpPrefix(address.get(), length));
        });
    }

    /** The same of a route, where the kernel refuses bits behind the prefix. */
    static Optional<IpPrefix> network(Value value, boolean ipv6) {
        return prefix(value, ipv6).filter(prefix -> {
            byte[] bytes = prefix.address().getAddress();
            for (int bit = prefix.length(); bit < bytes.length * 8; bit++) {
                if ((bytes[bit / 8] & 0x80 >> bit % 8) != 0) {
                    value.error(prefix + " has bits behind its prefix, which no network has; clear them, or give /"
                            + bytes.length * 8);
                    return false;
                }
            }
            return true;
        });
    }

    /** Names of /etc/iproute2/rt_tables but for the kernel's own three are not known: the number is. */
    static Optional<Long> table(Value value) {
        String expected = "a table: main, default, local, or a number, 1.." + TABLE_MAX;
        return value.text(expected).flatMap(text -> {
            Optional<Long> table = Optional.ofNullable(TABLES.get(text.toLowerCase(Locale.ROOT)))
                    .or(() -> number(text).filter(number -> number >= 1 && number <= TABLE_MAX));
            if (table.isEmpty()) {
                value.error(Spelling.quote(text) + " is not " + expected);
            }
            return table;
        });
    }

    /** Decimal or, after 0x, hexadecimal: 0..max. */
    static Optional<Long> unsigned(Value value, long max) {
        String expected = "a number, 0.." + max;
        return value.text(expected).flatMap(text -> {
            Optional<Long> number = number(text).filter(n -> n <= max);
            if (number.isEmpty()) {
                value.error(Spelling.quote(text) + " is not " + expected);
            }
            return number;
        });
    }

    static Optional<Long> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(Long.decode(text)) : Optional.empty();
    }
}
