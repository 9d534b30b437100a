package dev.vipd.director.config;

import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.TrackingConfig;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code vrrp_instances}. Defaults are keepalived's: version 2 (as there, 3 has to be asked for), priority 100,
 * advert_int 1 s, preempt.
 *
 * <p>{@code state} is a hint that is accepted and then not used: an instance starts as BACKUP, an address owner as
 * MASTER. With {@code state: MASTER} and no priority keepalived silently takes 255; here the priority must be given.
 */
final class InstanceBinder {
    private static final int DEFAULT_PRIORITY = 100;
    private static final int ADDRESSES_MAX = 255;
    private static final int REPEAT_MAX = 100;
    private static final long V2_STEP_NS = Durations.SECOND;
    private static final long V3_STEP_NS = 10 * Durations.MS;
    private static final Pattern INTERFACE = Pattern.compile("[^\\s/:\\p{Cntrl}]+");
    private static final int INTERFACE_BYTES_MAX = 15;
    private static final String VIP_EXAMPLE = "an address with its prefix, such as 192.0.2.10/24";

    private enum State {
        MASTER,
        BACKUP
    }

    private final TrackBinder tracks;
    private final Map<String, String> vridOwners = new HashMap<>();
    private final Map<InetAddress, String> vipOwners = new HashMap<>();

    InstanceBinder(TrackBinder tracks) {
        this.tracks = tracks;
    }

    Optional<VirtualRouterConfig> bind(String name, Block b) {
        Optional<String> device = b.required("interface", "the interface that adverts run on, such as eth0")
                .flatMap(InstanceBinder::interfaceName);
        Optional<Integer> vrid = b.required("virtual_router_id", "a number 1..255, the same on both nodes")
                .flatMap(v -> v.integer(1, 255));
        claimVrid(name, b, device, vrid);
        Optional<Integer> version = b.integer("version", 2, 3);
        boolean versionKnown = version.isPresent() || !b.has("version");
        int effectiveVersion = version.orElse(2);
        Role role = role(b);
        long advertIntervalNs = b.value("advert_int")
                .flatMap(v -> versionKnown ? advertInterval(v, effectiveVersion) : Optional.empty())
                .orElse(Durations.SECOND);
        boolean preempt = preempt(b, role);
        long preemptDelayNs = preemptDelay(b, preempt, role);
        Optional<ChecksumForm> checksum = b.choice("checksum", Value.words(ChecksumForm.class, true));
        if (checksum.isPresent() && versionKnown && effectiveVersion == 2) {
            b.value("checksum").ifPresent(v -> v.error("is for version 3 only; remove it, or set version: 3"));
        }
        Transport transport = transport(b);
        List<VirtualAddress> addresses = addresses(name, b);
        AnnounceConfig announce = announce(b);
        List<TrackRef> followed = new ArrayList<>(tracks.scripts(b, role.owner()));
        followed.addAll(tracks.interfaces(b, device, role.owner()));
        b.finish();
        if (device.isEmpty() || vrid.isEmpty() || addresses.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new VirtualRouterConfig(name, device.get(), vrid.get(), effectiveVersion,
                role.priority(), advertIntervalNs, ElectionConfig.DEFAULT.preempting(preempt, preemptDelayNs),
                TransportConfig.of(
                        transport.source(), transport.peers(), checksum.orElse(ChecksumForm.PSEUDO_HEADER)),
                HoldingConfig.of(addresses), announce, new TrackingConfig(followed, true)));
    }

    /** Linux takes any name of 1..15 bytes without white space, '/' and ':' but "." and ".." (dev_valid_name). */
    static Optional<String> interfaceName(Value value) {
        String expected = "the name of an interface, such as eth0";
        return value.text(expected).filter(text -> {
            boolean good = INTERFACE.matcher(text).matches()
                    && text.getBytes(StandardCharsets.UTF_8).length <= INTERFACE_BYTES_MAX
                    && !text.equals(".")
                    && !text.equals("..");
            if (!good) {
                value.error(Spelling.quote(text) + " can't be an interface; give " + expected);
            }
            return good;
        });
    }

    private void claimVrid(String name, Block b, Optional<String> device, Optional<Integer> vrid) {
        if (device.isEmpty() || vrid.isEmpty()) {
            return;
        }
        String other = vridOwners.putIfAbsent(device.get() + " " + vrid.get(), name);
        if (other != null) {
            b.value("virtual_router_id").ifPresent(v -> v.error(vrid.get() + " is already used on " + device.get()
                    + " by " + other + "; give each instance of an interface its own"));
        }
    }

    private record Role(int priority, Optional<State> state) {
        boolean owner() {
            return priority == VirtualRouterConfig.OWNER_PRIORITY;
        }
    }

    private static Role role(Block b) {
        Optional<Integer> priority = b.integer("priority", 1, VirtualRouterConfig.OWNER_PRIORITY);
        Optional<State> state = b.choice("state", Value.words(State.class, false));
        Role role = new Role(priority.orElse(DEFAULT_PRIORITY), state);
        b.value("state").filter(v -> state.isPresent()).ifPresent(v -> {
            if (state.get() == State.MASTER && !b.has("priority")) {
                v.error("MASTER without a priority; give the priority, such as 101 here, 100 on the"
                        + " other node");
            } else if (state.get() == State.BACKUP && role.owner()) {
                v.warning("priority 255 is the address owner, which starts as MASTER whatever state says");
            }
        });
        return role;
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

    private static boolean preempt(Block b, Role role) {
        Optional<Boolean> preempt = b.bool("preempt");
        Optional<Boolean> nopreempt = b.bool("nopreempt");
        if (preempt.isPresent() && preempt.equals(nopreempt)) {
            b.value("nopreempt").ifPresent(v -> v.error(
                    "contradicts preempt: " + preempt.get() + "; keep one of them"));
            return true;
        }
        boolean effective = preempt.orElse(!nopreempt.orElse(false));
        if (!effective) {
            Value at = b.value(nopreempt.isPresent() ? "nopreempt" : "preempt").orElseThrow();
            if (role.owner()) {
                at.error("the address owner (priority 255) always preempts; remove the key, or lower the priority");
            } else if (role.state().filter(State.MASTER::equals).isPresent()) {
                at.warning("keepalived drops it where state is MASTER; here it holds, whatever state says");
            }
        }
        return effective;
    }

    private static long preemptDelay(Block b, boolean preempt, Role role) {
        long delayNs = b.duration("preempt_delay", 0, 1000 * Durations.SECOND).orElse(0L);
        if (delayNs > 0 && !preempt) {
            b.value("preempt_delay").ifPresent(v -> v.error("excludes nopreempt: who never preempts has nothing to"
                    + " delay; remove one of them"));
        } else if (delayNs > 0 && role.owner()) {
            b.value("preempt_delay").ifPresent(v -> v.error("the address owner (priority 255) preempts at once; remove"
                    + " the key, or lower the priority"));
        }
        return delayNs;
    }

    private record Transport(Optional<InetAddress> source, List<InetAddress> peers) {}

    private static Transport transport(Block b) {
        Optional<Inet4Address> multicastSource = b.value("mcast_src_ip").flatMap(Value::ipv4);
        Optional<Inet4Address> unicastSource = b.value("unicast_src_ip").flatMap(Value::ipv4);
        Set<Inet4Address> peers = new LinkedHashSet<>();
        for (Value item : b.list("unicast_peer", "a list of IPv4 addresses")) {
            item.ipv4().ifPresent(peer -> {
                if (!peers.add(peer)) {
                    item.error(peer.getHostAddress() + " is listed twice; keep one of them");
                } else if (unicastSource.filter(peer::equals).isPresent()) {
                    item.error(peer.getHostAddress() + " is this node's unicast_src_ip; list the other nodes only");
                }
            });
        }
        b.value("unicast_peer").filter(Value::isEmptyList)
                .ifPresent(v -> v.error("is empty; list the other nodes, or remove the key for multicast"));
        if (b.has("unicast_peer")) {
            b.value("mcast_src_ip").ifPresent(v -> v.error("is for multicast, but unicast_peer is given; use"
                    + " unicast_src_ip"));
        } else {
            b.value("unicast_src_ip").ifPresent(v -> v.error("is for unicast, but unicast_peer is not given; list the"
                    + " other nodes there, or use mcast_src_ip"));
        }
        return new Transport(multicastSource.or(() -> unicastSource).map(InetAddress.class::cast), List.copyOf(peers));
    }

    private List<VirtualAddress> addresses(String name, Block b) {
        Optional<Value> value = b.required("virtual_ipaddress",
                "a list with at least one VIP, such as [ 192.0.2.10/24 ]");
        List<VirtualAddress> addresses = new ArrayList<>();
        List<Value> items = value.map(v -> v.list("a list of VIPs")).orElse(List.of());
        for (Value item : items) {
            virtualAddress(item).ifPresent(vip -> {
                String other = vipOwners.putIfAbsent(vip.address(), name);
                if (other != null) {
                    item.error(vip.address().getHostAddress() + (other.equals(name)
                            ? " is listed twice; keep one of them"
                            : " is already a VIP of " + other + "; an address belongs to one instance"));
                }
                addresses.add(vip);
            });
        }
        if (items.size() > ADDRESSES_MAX) {
            items.get(ADDRESSES_MAX).error("is VIP number " + (ADDRESSES_MAX + 1) + ", and an advert carries at most "
                    + ADDRESSES_MAX + "; move some to another instance");
        }
        value.filter(Value::isEmptyList).ifPresent(v -> v.error("is empty; give at least one VIP"));
        return addresses;
    }

    private static Optional<VirtualAddress> virtualAddress(Value item) {
        Optional<String> text = item.text(VIP_EXAMPLE);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int slash = text.get().indexOf('/');
        String host = slash < 0 ? text.get() : text.get().substring(0, slash);
        int prefix = slash < 0 ? 32 : Addresses.number(text.get().substring(slash + 1), 32);
        Optional<InetAddress> address = Addresses.ip(host);
        String shown = Spelling.quote(text.get());
        if (address.isPresent() && !(address.get() instanceof Inet4Address)) {
            item.error(shown + " is IPv6, which VRRP does not support in this version; give an IPv4 address");
            return Optional.empty();
        }
        if (text.get().indexOf(' ') > 0 && Addresses.ip(host.split(" ", 2)[0]).isPresent()) {
            item.error(shown + " has options after the address (dev, label, scope, ...), which are not supported in"
                    + " this version; give only the address and prefix");
            return Optional.empty();
        }
        if (address.isEmpty() || prefix < 0) {
            item.error(shown + " is not " + VIP_EXAMPLE);
            return Optional.empty();
        }
        return item.host(address.get()).map(vip -> new VirtualAddress(vip, prefix));
    }

    private static AnnounceConfig announce(Block b) {
        AnnounceConfig defaults = AnnounceConfig.DEFAULT;
        long day = 24 * Durations.HOUR;
        Optional<Long> delay = b.duration("garp_master_delay", 0, day);
        Optional<Integer> repeat = b.integer("garp_master_repeat", 1, REPEAT_MAX);
        Optional<Long> refresh = b.duration("garp_master_refresh", 0, day).filter(ns -> {
            boolean tooOften = ns > 0 && ns < Durations.SECOND;
            if (tooOften) {
                b.value("garp_master_refresh").ifPresent(v -> v.error(Durations.format(ns)
                        + " would flood the segment; give 0 for never, or 1s..24h"));
            }
            return !tooOften;
        });
        Optional<Integer> refreshRepeat = b.integer("garp_master_refresh_repeat", 1, REPEAT_MAX);
        return new AnnounceConfig(repeat.orElse(defaults.repeat()), delay.orElse(defaults.delayNs()),
                refresh.orElse(defaults.refreshNs()), refreshRepeat.orElse(defaults.refreshRepeat()));
    }
}
