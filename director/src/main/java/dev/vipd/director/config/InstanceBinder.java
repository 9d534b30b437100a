package dev.vipd.director.config;

import dev.vipd.director.config.ElectionBinder.Role;
import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.TrackingConfig;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code vrrp_instances}. Defaults are keepalived's: version 2 (as there, 3 has to be asked for, but for IPv6, which
 * has no other), priority 100, advert_int 1 s, preempt.
 *
 * <p>{@code state} is a hint that is accepted and then not used: an instance starts as BACKUP, an address owner as
 * MASTER. With {@code state: MASTER} and no priority keepalived silently takes 255; here the priority must be given.
 */
final class InstanceBinder {
    private static final long V2_STEP_NS = Durations.SECOND;
    private static final long V3_STEP_NS = 10 * Durations.MS;
    private static final Pattern INTERFACE = Pattern.compile("[^\\s/:\\p{Cntrl}]+");
    private static final int INTERFACE_BYTES_MAX = 15;

    private final TrackBinder tracks;
    private final VrrpDefaults defaults;
    private final Claims claims = new Claims();

    InstanceBinder(TrackBinder tracks, VrrpDefaults defaults) {
        this.tracks = tracks;
        this.defaults = defaults;
    }

    Optional<VirtualRouterConfig> bind(String name, Block b) {
        Optional<String> device = b.required("interface", "the interface that adverts run on, such as eth0")
                .flatMap(InstanceBinder::interfaceName);
        Optional<Integer> vrid = b.required("virtual_router_id", "a number 1..255, the same on both nodes")
                .flatMap(v -> v.integer(1, 255));
        ElectionBinder elected = new ElectionBinder(b, defaults);
        HoldingBinder held = new HoldingBinder(name, b, claims);
        List<VirtualAddress> addresses = held.addresses(device, elected.strict());
        boolean ipv6 = !addresses.isEmpty() && addresses.getFirst().address() instanceof Inet6Address;
        Optional<Integer> version = version(b, ipv6);
        Role role = elected.role();
        long advertIntervalNs = b.value("advert_int")
                .flatMap(v -> version.flatMap(known -> advertInterval(v, known)))
                .orElse(Durations.SECOND);
        TransportConfig transport = new TransportBinder(b, ipv6, defaults).bind(version);
        ElectionConfig election = elected.bind(role, tracks.claimRequires(b));
        HoldingConfig holding =
                held.bind(addresses, device, vrid, ipv6, !elected.strict() || role.owner());
        AnnounceKeys announced = defaults.announce().within(b, "");
        AnnounceConfig announce = elected.strict()
                ? AnnounceKeys.strict(defaults.pace(device))
                : announced.resolve(defaults.pace(device));
        TrackingConfig tracking = tracks.bind(b, device, role.owner());
        elected.requireStrict();
        b.finish();
        if (device.isEmpty() || vrid.isEmpty() || addresses.isEmpty()) {
            return Optional.empty();
        }
        claims.virtualRouter(
                name, b.value("virtual_router_id").orElseThrow(), device.get(), vrid.get(), ipv6, transport);
        return Optional.of(new VirtualRouterConfig(name, device.get(), vrid.get(), version.orElse(2), role.priority(),
                advertIntervalNs, election, transport, holding, announce, tracking));
    }

    /** Empty when it can't be told. */
    private Optional<Integer> version(Block b, boolean ipv6) {
        Optional<Integer> version = b.integer("version", 2, 3);
        if (version.isPresent() && version.get() == 2 && ipv6) {
            b.value("version").ifPresent(v -> v.error("2 is for IPv4 only; give 3, or remove the key"));
            return Optional.of(3);
        }
        if (version.isPresent() || b.has("version")) {
            return version;
        }
        return Optional.of(ipv6 ? 3 : defaults.version().orElse(2));
    }

    static Optional<String> interfaceName(Value value) {
        String expected = "the name of an interface, such as eth0";
        return value.text(expected).filter(text -> {
            boolean good = isInterface(text);
            if (!good) {
                value.error(Spelling.quote(text) + " can't be an interface; give " + expected);
            }
            return good;
        });
    }

    /** Linux takes any name of 1..15 bytes without white space, '/' and ':' but "." and ".." (dev_valid_name). */
    static boolean isInterface(String text) {
        return INTERFACE.matcher(text).matches()
                && text.getBytes(StandardCharsets.UTF_8).length <= INTERFACE_BYTES_MAX
                && !text.equals(".")
                && !text.equals("..");
    }

    private static Optional<Long> advertInterval(Value value, int version) {
        if (version == 2) {
            return value.duration(V3_STEP_NS, 255 * V2_STEP_NS, "1s..255s").filter(ns -> {
                if (ns % V2_STEP_NS != 0) {
                    value.error(Durations.format(ns) + " is not a whole number of seconds, and version 2 carries only"
                            + " those; give 1s..255s, or set version: 3");
                }
                return ns % V2_STEP_NS == 0;
            });
        }
        return value.duration(V3_STEP_NS, 4095 * V3_STEP_NS).filter(ns -> {
            if (ns % V3_STEP_NS != 0) {
                value.error(Durations.format(ns) + " is not a multiple of 10ms, and version 3 carries only those");
            }
            return ns % V3_STEP_NS == 0;
        });
    }
}
