package dev.vipd.vrrp;

import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import dev.vipd.vrrp.wire.DecodeResult.Rejected;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The checks of reception that need the configuration (RFC 9568, 7.1; RFC 3768, 7.1). */
final class AdvertChecks {
    private AdvertChecks() {}

    /** Why an advert is discarded. */
    record Failure(AdvertRejection kind, String detail) {}

    /** The first check that a well-formed advert fails. */
    static Optional<Failure> failure(VirtualRouterConfig config, Decoded packet) {
        Advertisement advert = packet.advert();
        if (advert.virtualRouterId() != config.virtualRouterId()) {
            return failure(AdvertRejection.VRID, "VRID " + advert.virtualRouterId());
        }
        if (advert.version() != config.version()) {
            return failure(AdvertRejection.VERSION, "version " + advert.version());
        }
        if (advert.authType() != 0) {
            return failure(AdvertRejection.AUTH_TYPE_MISMATCH, "authentication type " + advert.authType());
        }
        if (config.version() == 2 && advert.advertIntervalNs() != config.advertIntervalNs()) {
            return failure(AdvertRejection.INTERVAL, intervals(config, advert));
        }
        boolean multicast = packet.destination().isMulticastAddress();
        if (multicast == config.transport().unicast()) {
            return failure(AdvertRejection.CAST, (multicast ? "multicast to " : "unicast to ") + hostOf(packet));
        }
        if (!multicast && config.transport().checkUnicastSource()
                && !config.transport().peerAddresses().contains(packet.source())) {
            return failure(AdvertRejection.UNKNOWN_PEER, "not a configured peer");
        }
        return Optional.empty();
    }

    /** What the codec found, unless the VRID or the version, which are checked earlier than most, is another one. */
    static Failure failure(VirtualRouterConfig config, Rejected packet) {
        int vrid = packet.virtualRouterId();
        int version = packet.version();
        AdvertRejection kind = packet.kind();
        if (vrid != Rejected.UNKNOWN && vrid != config.virtualRouterId() && kind.compareTo(AdvertRejection.VRID) > 0) {
            return new Failure(AdvertRejection.VRID, "VRID " + vrid);
        }
        if (version != Rejected.UNKNOWN
                && version != config.version()
                && kind.compareTo(AdvertRejection.VERSION) > 0) {
            return new Failure(AdvertRejection.VERSION, "version " + version);
        }
        return new Failure(kind, packet.detail());
    }

    /** What differs in an advert that is accepted, with the values. */
    static Map<AdvertMismatch, String> mismatches(VirtualRouterConfig config, Decoded packet) {
        Advertisement advert = packet.advert();
        Map<AdvertMismatch, String> found = new EnumMap<>(AdvertMismatch.class);
        if (advert.advertIntervalNs() != config.advertIntervalNs()) {
            found.put(AdvertMismatch.INTERVAL, intervals(config, advert));
        }
        if (config.owner()) {
            found.put(AdvertMismatch.OWNER, "priority " + advert.priority() + " heard by the address owner");
        }
        if (!sameAddresses(config.addresses(), advert.addresses())) {
            found.put(AdvertMismatch.ADDRESS_LIST, "addresses " + hosts(advert.addresses()));
        }
        return found;
    }

    private static boolean sameAddresses(List<VirtualAddress> own, List<InetAddress> heard) {
        if (own.size() != heard.size()) {
            return false;
        }
        Set<InetAddress> addresses = new HashSet<>();
        own.forEach(virtual -> addresses.add(virtual.address()));
        return addresses.equals(Set.copyOf(heard));
    }

    private static Optional<Failure> failure(AdvertRejection kind, String detail) {
        return Optional.of(new Failure(kind, detail));
    }

    private static String intervals(VirtualRouterConfig config, Advertisement advert) {
        return "interval " + advert.advertIntervalNs() / 1_000_000 + " ms, own " + config.advertIntervalNs() / 1_000_000
                + " ms";
    }

    private static String hostOf(Decoded packet) {
        return packet.destination().getHostAddress();
    }

    private static String hosts(List<InetAddress> addresses) {
        return String.join(",", addresses.stream().map(InetAddress::getHostAddress).toList());
    }
}
