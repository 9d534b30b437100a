package dev.vipd.director.config;

import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.HoldingConfig.Vmac;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRoute;
import dev.vipd.vrrp.VirtualRule;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an instance has while it is master: addresses, routes, rules, and on which interface. */
final class HoldingBinder {
    private static final int ADDRESSES_MAX = 255; // Count is one byte
    private static final int IPV6_ADDRESSES_FIT = 90; // in 1500 bytes: (1500 - 40 - 8) / 16
    private static final long LEASE_MIN_NS = 2 * Durations.SECOND;
    private static final Pattern MAC = Pattern.compile("(\\p{XDigit}{2}:){5}\\p{XDigit}{2}");

    private final String name;
    private final Block b;
    private final Claims claims;

    HoldingBinder(String name, Block b, Claims claims) {
        this.name = name;
        this.b = b;
        this.claims = claims;
    }

    /**
     * {@code virtual_ipaddress}: the advertised ones.
     *
     * @param strict whether adverts that are not quite as the RFC wants them are rejected
     */
    List<VirtualAddress> addresses(Optional<String> device, boolean strict) {
        Optional<Value> value = b.required("virtual_ipaddress",
                "a list with at least one VIP, such as [ 192.0.2.10/24 ]");
        value.filter(Value::isEmptyList).ifPresent(v -> v.error("is empty; give at least one VIP"));
        List<Value> items = value.map(v -> v.list("a list of VIPs")).orElse(List.of());
        List<VirtualAddress> addresses = new ArrayList<>();
        for (Value item : items) {
            address(item, device).ifPresent(vip -> {
                requireFamily(item, vip, addresses, strict);
                addresses.add(vip);
            });
        }
        warnSize(items, !addresses.isEmpty() && addresses.getFirst().address() instanceof Inet6Address);
        return addresses;
    }

    private Optional<VirtualAddress> address(Value item, Optional<String> device) {
        return VirtualAddressBinder.block(item).flatMap(block -> {
            Optional<VirtualAddress> address = VirtualAddressBinder.bind(block);
            block.finish();
            address.ifPresent(vip -> claims.address(name, item, vip, device.orElse("")));
            return address;
        });
    }

    /** One family in an advert; of IPv6 the first address is link-local (RFC 9568, 5.2.9). */
    private static void requireFamily(
            Value item, VirtualAddress vip, List<VirtualAddress> before, boolean strict) {
        if (before.isEmpty()) {
            if (vip.address() instanceof Inet6Address && !vip.address().isLinkLocalAddress()) {
                String message = vip.address().getHostAddress() + " is not link-local, as the first address of an IPv6"
                        + " advert has to be (RFC 9568, 5.2.9): routers that check it discard the adverts and become"
                        + " MASTER too; put one of fe80::/10 first, the same on all nodes";
                if (strict) {
                    item.error(message);
                } else {
                    item.warning(message);
                }
            }
            return;
        }
        String family = Addresses.family(before.getFirst().address());
        if (!Addresses.family(vip.address()).equals(family)) {
            item.error(vip.address().getHostAddress() + " is " + Addresses.family(vip.address()) + " but the list"
                    + " begins with " + family + ", and an advert carries one family; move it to"
                    + " virtual_ipaddress_excluded, or to an instance of its own");
        }
    }

    private static void warnSize(List<Value> items, boolean ipv6) {
        if (items.size() > ADDRESSES_MAX) {
            items.get(ADDRESSES_MAX).error("is VIP number " + (ADDRESSES_MAX + 1) + ", and an advert carries at most "
                    + ADDRESSES_MAX + "; move some to virtual_ipaddress_excluded, or to another instance");
        } else if (ipv6 && items.size() > IPV6_ADDRESSES_FIT) {
            items.get(IPV6_ADDRESSES_FIT).warning("is VIP number " + (IPV6_ADDRESSES_FIT + 1) + ", and an advert with"
                    + " that many does not fit in 1500 bytes; move some to virtual_ipaddress_excluded, or see that the"
                    + " MTU is at least " + (48 + 16 * items.size()));
        }
    }

    /**
     * Everything else.
     *
     * @param addresses what {@link #addresses} gave
     * @param accept    Accept_Mode where no key says
     */
    HoldingConfig bind(List<VirtualAddress> addresses, Optional<String> device, Optional<Integer> vrid, boolean ipv6,
            boolean accept) {
        List<VirtualAddress> excluded = new ArrayList<>();
        for (Value item : b.list("virtual_ipaddress_excluded", "a list of VIPs")) {
            address(item, device).ifPresent(excluded::add);
        }
        List<VirtualRoute> routes = new ArrayList<>();
        for (Value item : b.list("virtual_routes", "a list of routes such as 10.0.0.0/8 via 192.0.2.254 dev eth1")) {
            RouteBinder.Item.of(item).ifPresent(route -> {
                RouteBinder.bind(route, ipv6).ifPresent(routes::add);
                route.block().finish();
            });
        }
        List<VirtualRule> rules = new ArrayList<>();
        for (Value item : b.list("virtual_rules", "a list of rules such as from 10.0.0.0/8 table 100 priority 1000")) {
            RuleBinder.block(item).ifPresent(rule -> {
                RuleBinder.bind(rule, ipv6).ifPresent(rules::add);
                rule.finish();
            });
        }
        return new HoldingConfig(addresses, excluded, routes, rules, accept(accept),
                b.bool("promote_secondaries").orElse(false), lease(), vmac(vrid, ipv6));
    }

    private boolean accept(boolean byDefault) {
        Optional<Boolean> accept = b.bool("accept");
        Optional<Boolean> noAccept = b.bool("no_accept");
        if (accept.isPresent() && accept.equals(noAccept)) {
            b.value("no_accept").ifPresent(v -> v.error("contradicts accept: " + accept.get()
                    + "; keep one of them"));
        }
        return accept.or(() -> noAccept.map(no -> !no)).orElse(byDefault);
    }

    /** The kernel counts lifetimes in whole seconds, and one of 1 s would run out between two renewals. */
    private long lease() {
        Optional<Value> value = b.value("address_lease");
        if (value.filter(Value::isOff).isPresent()) {
            return 0;
        }
        return value.flatMap(v -> v.duration(LEASE_MIN_NS, Durations.HOUR, "off, or 2s..1h").filter(ns -> {
            if (ns % Durations.SECOND != 0) {
                v.error(Durations.format(ns) + " is not a whole number of seconds, and the kernel takes only those;"
                        + " give off, or 2s..1h");
            }
            return ns % Durations.SECOND == 0;
        })).orElse(HoldingConfig.DEFAULT_LEASE_NS);
    }

    /** {@code true}, a name, keepalived's line of a name and a MAC, or a block. */
    private Optional<Vmac> vmac(Optional<Integer> vrid, boolean ipv6) {
        boolean xmitBase = b.bool("vmac_xmit_base").orElse(false);
        Optional<Value> value = b.value("use_vmac").filter(v -> !v.isOff());
        if (xmitBase && value.isEmpty()) {
            b.value("vmac_xmit_base").ifPresent(v -> v.error("is for use_vmac, which is not given; add use_vmac: true,"
                    + " or remove it"));
        }
        if (value.isEmpty() || vrid.isEmpty()) {
            return Optional.empty();
        }
        String byDefault = (ipv6 ? "vrrp6." : "vrrp.") + vrid.get();
        Value at = value.get();
        Optional<Vmac> vmac = at.isOn()
                ? Optional.of(new Vmac(byDefault, Optional.empty(), xmitBase))
                : named(at, byDefault, xmitBase);
        vmac.ifPresent(made -> claims.macvlan(name, at, made.name()));
        return vmac;
    }

    private static Optional<Vmac> named(Value at, String byDefault, boolean xmitBase) {
        if (at.isScalar()) {
            List<Value> words = WordBlock.words(at);
            Optional<String> given = words.getFirst().text("a name").filter(text -> !MAC.matcher(text).matches());
            given.ifPresent(text -> InstanceBinder.interfaceName(words.getFirst()));
            int next = given.isPresent() ? 1 : 0;
            Optional<List<Byte>> mac = words.size() > next ? mac(words.get(next)) : Optional.empty();
            if (words.size() > next + 1) {
                words.get(next + 1).error("is one word too many; give true, a name, or a name and a MAC");
            }
            return Optional.of(new Vmac(given.orElse(byDefault), mac, xmitBase));
        }
        return at.block("{ name: " + byDefault + ", mac: 02:00:00:00:00:33 }").map(block -> {
            Optional<String> given = block.value("name").flatMap(InstanceBinder::interfaceName);
            Optional<List<Byte>> mac = block.value("mac").flatMap(HoldingBinder::mac);
            block.finish();
            return new Vmac(given.orElse(byDefault), mac, xmitBase);
        });
    }

    private static Optional<List<Byte>> mac(Value value) {
        String expected = "the MAC of a host, such as 02:00:00:00:00:33";
        return value.text(expected).flatMap(text -> {
            List<Byte> bytes = new ArrayList<>();
            if (MAC.matcher(text).matches()) {
                for (String part : text.split(":")) {
                    bytes.add((byte) Integer.parseInt(part, 16));
                }
            }
            if (bytes.isEmpty() || (bytes.getFirst() & 1) != 0 || bytes.stream().allMatch(b -> b == 0)) {
                value.error(Spelling.quote(text) + " is not " + expected);
                return Optional.empty();
            }
            return Optional.of(bytes);
        });
    }
}
