package dev.vipd.director.config;

import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualAddress.Flag;
import dev.vipd.vrrp.VirtualAddress.Options;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * An address that the daemon adds to an interface: {@code 192.0.2.10/24}, keepalived's line with words after it, or a
 * block. Without a prefix it is /32 or /128; an IPv6 address that is /128 is added deprecated, as keepalived does it,
 * so that the host does not take it as the source of its own packets.
 */
final class VirtualAddressBinder {
    static final String EXAMPLE = "an address with its prefix, such as 192.0.2.10/24 or 2001:db8::10/64";

    private static final int LABEL_BYTES_MAX = 15; // IFNAMSIZ - 1; the kernel answers ERANGE to more
    private static final long LIFETIME_MAX_NS = 0xffff_fffeL * Durations.SECOND;
    private static final Map<String, Integer> SCOPES =
            Map.of("global", 0, "site", 200, "link", 253, "host", 254, "nowhere", 255);

    private static final WordBlock WORDS = new WordBlock("address",
            Set.of("dev", "brd", "scope", "label", "peer", "preferred_lft", "track_group"),
            Set.of("home", "nodad", "-nodad", "mngtmpaddr", "noprefixroute", "autojoin", "no_track", "use_vmac"));

    private VirtualAddressBinder() {}

    /** The block that an item of a list of addresses stands for; {@link #bind} reads it. */
    static Optional<Block> block(Value item) {
        return WORDS.of(item, EXAMPLE);
    }

    /** Reads every key but {@code track_group} and does not finish the block. */
    static Optional<VirtualAddress> bind(Block b) {
        Optional<Value> at = b.required("address", EXAMPLE);
        Optional<String> device = b.value("dev").flatMap(InstanceBinder::interfaceName);
        Optional<String> broadcast = b.value("brd").flatMap(v -> v.text("an address, + or -"));
        OptionalInt scope = scope(b);
        Optional<String> label = b.value("label").flatMap(VirtualAddressBinder::label);
        Optional<InetAddress> peer = b.value("peer").flatMap(Value::ip);
        Set<Flag> flags = flags(b);
        Optional<OptionalLong> preferred = b.value("preferred_lft").flatMap(VirtualAddressBinder::preferred);
        boolean noTrack = b.bool("no_track").orElse(false);
        boolean useVmac = b.bool("use_vmac").orElse(false);
        if (useVmac && device.isEmpty() && !b.has("dev")) {
            b.value("use_vmac").ifPresent(v -> v.error("of an address needs dev, the interface that the macvlan is made"
                    + " on; add it, or use use_vmac of the instance"));
        }
        Optional<VirtualAddress> plain = at.flatMap(VirtualAddressBinder::address);
        if (plain.isEmpty()) {
            return Optional.empty();
        }
        InetAddress address = plain.get().address();
        int prefix = plain.get().prefixLength();
        Optional<InetAddress> brd = broadcast.flatMap(text -> broadcast(b, text, address, prefix));
        family(b, "peer", peer, address);
        if (address instanceof Inet6Address) {
            refuse(b, "label", "only an IPv4 address has a label; remove it");
        } else {
            for (String flag : List.of("home", "nodad", "-nodad", "mngtmpaddr")) {
                refuse(b, flag, "is for IPv6 addresses; remove it");
            }
        }
        boolean alone = address instanceof Inet6Address && prefix == 128 && !b.has("preferred_lft");
        return Optional.of(new VirtualAddress(address, prefix, new Options(device, brd, scope, label, peer, flags,
                alone ? OptionalLong.of(0) : preferred.orElse(OptionalLong.empty()), useVmac, noTrack)));
    }

    private static Optional<VirtualAddress> address(Value value) {
        return value.text(EXAMPLE).flatMap(text -> {
            int slash = text.indexOf('/');
            Optional<InetAddress> address = Addresses.ip(slash < 0 ? text : text.substring(0, slash));
            int max = address.map(a -> a.getAddress().length * 8).orElse(0);
            int prefix = slash < 0 ? max : Addresses.number(text.substring(slash + 1), max);
            if (address.isEmpty() || prefix < 0) {
                value.error(Spelling.quote(text) + " is not " + EXAMPLE);
                return Optional.empty();
            }
            return value.host(address.get()).map(vip -> new VirtualAddress(vip, prefix));
        });
    }

    private static void refuse(Block b, String key, String message) {
        if (b.has(key)) {
            b.value(key).ifPresent(v -> v.error(message));
        }
    }

    private static void family(Block b, String key, Optional<InetAddress> given, InetAddress address) {
        given.filter(other -> !Addresses.family(other).equals(Addresses.family(address)))
                .ifPresent(other -> refuse(b, key, other.getHostAddress() + " is " + Addresses.family(other) + " but"
                        + " the address is " + Addresses.family(address) + "; give one of the same family"));
    }

    /** Also ip-address(8)'s signs: {@code +} all host bits set, {@code -} none set. */
    private static Optional<InetAddress> broadcast(Block b, String text, InetAddress address, int prefix) {
        Value value = b.value("brd").orElseThrow();
        if (!(address instanceof Inet4Address v4)) {
            value.error("only an IPv4 address has a broadcast address; remove it");
            return Optional.empty();
        }
        if (text.equals("+") || text.equals("-")) {
            byte[] bytes = v4.getAddress();
            for (int bit = prefix; bit < bytes.length * 8; bit++) {
                int mask = 0x80 >> bit % 8;
                bytes[bit / 8] = (byte) (text.equals("+") ? bytes[bit / 8] | mask : bytes[bit / 8] & ~mask);
            }
            return Addresses.ipv4((bytes[0] & 255) + "." + (bytes[1] & 255) + "." + (bytes[2] & 255) + "."
                    + (bytes[3] & 255)).map(InetAddress.class::cast);
        }
        Optional<Inet4Address> given = Addresses.ipv4(text);
        if (given.isEmpty()) {
            value.error(Spelling.quote(text) + " is not a broadcast address; give an IPv4 address, + or -");
        }
        return given.map(InetAddress.class::cast);
    }

    private static OptionalInt scope(Block b) {
        return b.value("scope").flatMap(value -> scope(value)).map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** A scope of rtnetlink(7), by name or number. */
    static Optional<Integer> scope(Value value) {
        String expected = "a scope: global, site, link, host, nowhere, or a number, 0..255";
        return value.text(expected).flatMap(text -> {
            int number = SCOPES.getOrDefault(text.toLowerCase(Locale.ROOT), Addresses.number(text, 255));
            if (number < 0) {
                value.error(Spelling.quote(text) + " is not " + expected);
            }
            return number < 0 ? Optional.empty() : Optional.of(number);
        });
    }

    private static Optional<String> label(Value value) {
        String expected = "a label of at most " + LABEL_BYTES_MAX + " bytes, such as eth0:vip";
        return value.text(expected).filter(text -> {
            boolean good = text.getBytes(StandardCharsets.UTF_8).length <= LABEL_BYTES_MAX
                    && text.chars().noneMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c));
            if (!good) {
                value.error(Spelling.quote(text) + " is not " + expected);
            }
            return good;
        });
    }

    /** {@code -nodad} is how keepalived spells it. */
    private static Set<Flag> flags(Block b) {
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        for (Flag flag : Flag.values()) {
            if (b.bool(flag.name().toLowerCase(Locale.ROOT)).orElse(false)) {
                flags.add(flag);
            }
        }
        if (b.has("-nodad") && b.bool("-nodad").orElse(false)) {
            flags.add(Flag.NODAD);
        }
        return flags;
    }

    private static Optional<OptionalLong> preferred(Value value) {
        String range = "0 (deprecated) or more seconds, or forever";
        return value.text(range).flatMap(text -> text.equalsIgnoreCase("forever")
                ? Optional.of(OptionalLong.empty())
                : value.duration(0, LIFETIME_MAX_NS, range).map(OptionalLong::of));
    }
}
