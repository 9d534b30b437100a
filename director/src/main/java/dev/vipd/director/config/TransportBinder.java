package dev.vipd.director.config;

import dev.vipd.vrrp.Authentication;
import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.TransportConfig.UnicastPeer;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How the adverts of an instance travel: addresses, peers, checksum, password. */
final class TransportBinder {
    private static final int PASSWORD_BYTES = 8; // the field of RFC 2338, 5.3.10
    private static final WordBlock PEER = new WordBlock("address", Set.of("min_ttl", "max_ttl"), Set.of());
    private static final String FAMILY = "the VIPs are";

    private final Block b;
    private final boolean ipv6;
    private final VrrpDefaults defaults;

    /** @param ipv6 family of the VIPs, and so of the adverts */
    TransportBinder(Block b, boolean ipv6, VrrpDefaults defaults) {
        this.b = b;
        this.ipv6 = ipv6;
        this.defaults = defaults;
    }

    /** @param version empty when it could not be told; it is then not compared with anything */
    TransportConfig bind(Optional<Integer> version) {
        Optional<InetAddress> multicastSource = b.value("mcast_src_ip").flatMap(v -> v.ip(ipv6, FAMILY));
        Optional<InetAddress> unicastSource = b.value("unicast_src_ip").flatMap(v -> v.ip(ipv6, FAMILY));
        boolean trackSource = b.bool("track_src_ip").orElse(false);
        Optional<InetAddress> group = b.value("mcast_dst_ip").flatMap(v -> v.group(ipv6));
        List<UnicastPeer> peers = peers(unicastSource);
        int ttl = b.integer("unicast_ttl", 1, TransportConfig.MAX_TTL).orElse(TransportConfig.MAX_TTL);
        boolean checkSource = b.bool("check_unicast_src").orElse(defaults.checkUnicastSource());
        boolean skipCheck = b.bool("skip_check_adv_addr").orElse(defaults.skipCheckAddresses());
        Optional<ChecksumForm> checksum = b.choice("checksum", Value.words(ChecksumForm.class, true));
        Optional<Authentication> authentication =
                b.value("authentication").flatMap(v -> authentication(v, version));
        requireCast();
        if (trackSource && !b.has("mcast_src_ip") && !b.has("unicast_src_ip")) {
            b.value("track_src_ip").ifPresent(v -> v.error("needs an address to follow; give mcast_src_ip or"
                    + " unicast_src_ip, or remove it"));
        }
        if (checksum.isPresent() && ipv6) {
            b.value("checksum").ifPresent(v -> v.error("is for IPv4 only: over IPv6 the pseudo-header is always"
                    + " covered; remove it"));
        } else if (checksum.isPresent() && version.filter(v -> v == 2).isPresent()) {
            b.value("checksum").ifPresent(v -> v.error("is for version 3 only; remove it, or set version: 3"));
        }
        return new TransportConfig(multicastSource.or(() -> unicastSource), trackSource,
                b.has("unicast_peer") ? Optional.empty() : group.or(() -> defaults.group(ipv6)), peers, ttl,
                checkSource, skipCheck, checksum.orElse(ChecksumForm.PSEUDO_HEADER), authentication);
    }

    /** Keys of multicast beside peers, and of unicast without them. */
    private void requireCast() {
        if (b.has("unicast_peer")) {
            b.value("mcast_src_ip").ifPresent(v -> v.error("is for multicast, but unicast_peer is given; use"
                    + " unicast_src_ip"));
            b.value("mcast_dst_ip").ifPresent(v -> v.error("is for multicast, but unicast_peer is given; remove it"));
            return;
        }
        b.value("unicast_src_ip").ifPresent(v -> v.error("is for unicast, but unicast_peer is not given; list the"
                + " other nodes there, or use mcast_src_ip"));
        for (String key : List.of("unicast_ttl", "check_unicast_src")) {
            b.value(key).ifPresent(v -> v.error("is for unicast, but unicast_peer is not given; list the other nodes"
                    + " there, or remove it"));
        }
    }

    private List<UnicastPeer> peers(Optional<InetAddress> source) {
        Map<InetAddress, UnicastPeer> peers = new LinkedHashMap<>();
        for (Value item : b.list("unicast_peer", "a list of addresses")) {
            PEER.of(item, "an address, or { address: 192.0.2.2, min_ttl: 254 }")
                    .flatMap(this::peer)
                    .ifPresent(peer -> {
                        String shown = peer.address().getHostAddress();
                        if (peers.putIfAbsent(peer.address(), peer) != null) {
                            item.error(shown + " is listed twice; keep one of them");
                        } else if (source.filter(peer.address()::equals).isPresent()) {
                            item.error(shown + " is this node's unicast_src_ip; list the other nodes only");
                        }
                    });
        }
        b.value("unicast_peer").filter(Value::isEmptyList)
                .ifPresent(v -> v.error("is empty; list the other nodes, or remove the key for multicast"));
        return List.copyOf(peers.values());
    }

    private Optional<UnicastPeer> peer(Block item) {
        Optional<InetAddress> address = item.required("address", "the address of another node")
                .flatMap(v -> v.ip(ipv6, FAMILY));
        int min = item.integer("min_ttl", 0, TransportConfig.MAX_TTL).orElse(0);
        int max = item.integer("max_ttl", 0, TransportConfig.MAX_TTL).orElse(TransportConfig.MAX_TTL);
        item.finish();
        if (min > max) {
            item.value("min_ttl").ifPresent(v -> v.error(min + " is more than max_ttl, " + max
                    + ", so every advert would be discarded; swap them"));
        }
        return address.map(a -> new UnicastPeer(a, min, max));
    }

    private static Optional<Authentication> authentication(Value value, Optional<Integer> version) {
        if (version.filter(v -> v == 3).isPresent()) {
            value.error("is for version 2 only, version 3 has none (RFC 9568, 9); remove it, or set version: 2");
        }
        return value.block("{ auth_type: PASS, auth_pass: secret }").flatMap(block -> {
            Optional<Authentication.Type> type = block.required("auth_type", "PASS or AH")
                    .flatMap(v -> v.choice(Value.words(Authentication.Type.class, false)));
            Optional<Long> password = block.required("auth_pass", "a password of at most 8 bytes")
                    .flatMap(TransportBinder::password);
            block.finish();
            return type.flatMap(t -> password.map(p -> new Authentication(t, p)));
        });
    }

    /** The password itself never stands in a finding. */
    private static Optional<Long> password(Value value) {
        return value.text("a password of at most 8 bytes").map(text -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > PASSWORD_BYTES) {
                value.warning("has " + bytes.length + " bytes, and an advert carries 8: it is cut to the first 8, as"
                        + " keepalived does it");
            }
            return ByteBuffer.wrap(Arrays.copyOf(bytes, PASSWORD_BYTES)).getLong();
        });
    }
}
