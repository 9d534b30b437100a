package dev.vipd.vrrp;

import dev.vipd.vrrp.TransportConfig.UnicastPeer;
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
    private static final String FIRST_NOT_LINK_LOCAL = "the first address is not link-local";

    private AdvertChecks() {}

    /** Why an advert is discarded. */
    record Failure(AdvertRejection kind, String detail) {}

    /** The first check that a well-formed advert fails. */
    static Optional<Failure> failure(VirtualRouterConfig config, Decoded packet) {
        Advertisement advert = packet.advert();
        if (advert.virtualRouterId() != config.virtualRouterId()) {
            return failure(AdvertRejection.VRID, "VRID " + advert.virtualRouterId());
        }
        Optional<UnicastPeer> peer = config.transport().unicastPeers().stream()
                .filter(candidate -> candidate.address().equals(packet.source()))
                .findFirst();
        if (peer.isPresent() && (packet.ttl() < peer.get().minTtl() || packet.ttl() > peer.get().maxTtl())) {
            return failure(AdvertRejection.TTL, "TTL " + packet.ttl() + ", configured "
                    + peer.get().minTtl() + ".." + peer.get().maxTtl());
        }
        if (advert.version() != config.version()) {
            return failure(AdvertRejection.VERSION, "version " + advert.version());
        }
        Optional<Failure> authentication = authenticationFailure(config, packet);
        if (authentication.isPresent()) {
            return authentication;
        }
        if (config.version() == 2 && advert.advertIntervalNs() != config.advertIntervalNs()) {
            return failure(AdvertRejection.INTERVAL, intervals(config, advert));
        }
        boolean multicast = packet.destination().isMulticastAddress();
        if (multicast == config.transport().unicast()) {
            return failure(AdvertRejection.CAST, (multicast ? "multicast to " : "unicast to ") + hostOf(packet));
        }
        if (!multicast && config.transport().checkUnicastSource() && peer.isEmpty()) {
            return failure(AdvertRejection.UNKNOWN_PEER, "not a configured peer");
        }
        return config.election().strict() ? strictFailure(config, advert) : Optional.empty();
    }

    /** RFC 2338, 5.3.6. The password is compared in a time that does not tell how much of it was right. */
    private static Optional<Failure> authenticationFailure(VirtualRouterConfig config, Decoded packet) {
        Advertisement advert = packet.advert();
        Optional<Authentication> own = config.transport().authentication();
        boolean byHeader = own.isPresent() && own.get().type() == Authentication.Type.AH;
        if (advert.authType() != own.map(secret -> secret.type().number()).orElse(0)
                || packet.seal().isPresent() != byHeader) {
            return failure(AdvertRejection.AUTH_TYPE_MISMATCH, "authentication type " + advert.authType()
                    + (packet.seal().isPresent() ? " with" : " without") + " an authentication header");
        }
        if (own.isEmpty()) {
            return Optional.empty();
        }
        if (!byHeader) {
            return (advert.authData() ^ own.get().password()) == 0
                    ? Optional.empty()
                    : failure(AdvertRejection.AUTH_FAILURE, "wrong password");
        }
        if (!packet.seal().get().sealedWith(own.get().password())) {
            return failure(AdvertRejection.AUTH_FAILURE, "wrong integrity check value");
        }
        return packet.seal().get().names(packet.source())
                ? Optional.empty()
                : failure(AdvertRejection.AUTH_FAILURE, "the SPI is not the sender's address");
    }

    /** Where the RFC wants a packet dropped, but dropping it hides a master. */
    private static Optional<Failure> strictFailure(VirtualRouterConfig config, Advertisement advert) {
        if (advert.ipv6() && !advert.addresses().getFirst().isLinkLocalAddress()) {
            return failure(AdvertRejection.ADDRESS_LIST, FIRST_NOT_LINK_LOCAL); // RFC 9568, 7.1 with erratum 8300
        }
        if (advert.version() == 2
                && advert.priority() != VirtualRouterConfig.OWNER_PRIORITY
                && !sameAddresses(config.addresses(), advert.addresses())) {
            return failure(AdvertRejection.ADDRESS_LIST, "addresses " + hosts(advert.addresses())); // RFC 3768, 7.1
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

    /**
     * What differs in an advert that is accepted, with the values.
     *
     * @param again whether the advert accepted before was of the same sender
     */
    static Map<AdvertMismatch, String> mismatches(VirtualRouterConfig config, Decoded packet, boolean again) {
        Advertisement advert = packet.advert();
        Map<AdvertMismatch, String> found = new EnumMap<>(AdvertMismatch.class);
        if (advert.advertIntervalNs() != config.advertIntervalNs()) {
            found.put(AdvertMismatch.INTERVAL, intervals(config, advert));
        }
        if (config.owner()) {
            found.put(AdvertMismatch.OWNER, "priority " + advert.priority() + " heard by the address owner");
        }
        if (again && config.transport().skipCheckAddresses()) {
            return found;
        }
        if (advert.ipv6() && !advert.addresses().getFirst().isLinkLocalAddress()) {
            found.put(AdvertMismatch.ADDRESS_LIST, FIRST_NOT_LINK_LOCAL);
        } else if (!sameAddresses(config.addresses(), advert.addresses())) {
            found.put(AdvertMismatch.ADDRESS_LIST, "addresses " + hosts(advert.addresses()));
        }
        return found;
    }

    private static boolean sameAddresses(List<VirtualAddress> own, List<InetAddress> heard) {
        if (own.size() != heard.size()) {
            return false;
        }
        if (inSameOrder(own, heard)) {
            return true;
        }
        Set<InetAddress> addresses = new HashSet<>();
        own.forEach(virtual -> addresses.add(virtual.address()));
        return addresses.equals(Set.copyOf(heard));
    }

    private static boolean inSameOrder(List<VirtualAddress> own, List<InetAddress> heard) {
        for (int i = 0; i < own.size(); i++) {
            if (!own.get(i).address().equals(heard.get(i))) {
                return false;
            }
        }
        return true;
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
