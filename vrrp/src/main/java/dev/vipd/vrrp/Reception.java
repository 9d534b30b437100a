package dev.vipd.vrrp;

import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.DecodeResult;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import dev.vipd.vrrp.wire.DecodeResult.Rejected;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/** Checks, counts and reports what comes in. What is discarded changes nothing else: it touches no timer. */
final class Reception {
    private final RouterContext context;

    Reception(RouterContext context) {
        this.context = context;
    }

    /**
     * Takes a packet.
     *
     * @param advertisedPriority the own one while MASTER, else 0
     * @return the advert, if it counts
     */
    Optional<Decoded> accept(DecodeResult packet, VrrpState state, int advertisedPriority) {
        return switch (packet) {
            case Rejected rejected -> {
                discard(rejected, state);
                yield Optional.empty();
            }
            case Decoded decoded -> {
                Optional<AdvertChecks.Failure> failure = AdvertChecks.failure(context.config, decoded)
                        .or(() -> ownAddress(decoded, advertisedPriority));
                failure.ifPresent(f -> discard(decoded, f, state));
                yield failure.isPresent() || !count(decoded, state) ? Optional.empty() : Optional.of(decoded);
            }
        };
    }

    /** @return whether adverts count in this state */
    private boolean count(Decoded packet, VrrpState state) {
        if (!takesPart(state)) {
            context.counters.ignored();
            return false;
        }
        Optional<InetAddress> source = Optional.of(packet.source());
        boolean again = source.equals(context.lastAdvertSource);
        context.lastAdvertSource = source;
        context.counters.received(packet.advert().version(), packet.advert().priority(), packet.checksumForm());
        Map<AdvertMismatch, String> mismatches = AdvertChecks.mismatches(context.config, packet, again);
        mismatches.forEach((kind, detail) -> {
            context.counters.mismatched(kind);
            context.memory.firstComplaint(kind, source)
                    .ifPresent(suppressed -> context.report(
                            new VrrpReport.Mismatch(kind, packet.source(), detail, suppressed)));
        });
        context.memory.heard(packet.advert(), packet.source(), context.nowNs, context.config.advertIntervalNs())
                .ifPresent(note ->
                        context.report(new VrrpReport.AdvertHeard(packet.advert(), packet.source(), note)));
        String otherAddresses = mismatches.get(AdvertMismatch.ADDRESS_LIST);
        context.conflicts.accepted(packet, otherAddresses == null);
        if (otherAddresses != null && packet.advert().priority() > 0) {
            context.conflicts.addressList(packet, otherAddresses);
        }
        return true;
    }

    private void discard(Rejected packet, VrrpState state) {
        AdvertChecks.Failure failure = AdvertChecks.failure(context.config, packet);
        report(failure, packet.source());
        boolean ofThisRouter = packet.virtualRouterId() == context.config.virtualRouterId()
                && failure.kind() != AdvertRejection.TYPE;
        if (takesPart(state) && ofThisRouter && !fromHere(packet.source())) {
            context.conflicts.discarded(failure.kind(), packet.source(), Optional.empty(), failure.detail());
        }
    }

    private void discard(Decoded packet, AdvertChecks.Failure failure, VrrpState state) {
        Optional<InetAddress> source = Optional.of(packet.source());
        report(failure, source);
        if (takesPart(state) && (failure.kind() == AdvertRejection.OWN_ADDRESS || !fromHere(source))) {
            context.conflicts.discarded(failure.kind(), source, Optional.of(packet.advert()), failure.detail());
        }
    }

    private void report(AdvertChecks.Failure failure, Optional<InetAddress> from) {
        context.counters.rejected(failure.kind());
        context.memory.firstComplaint(failure.kind(), from)
                .ifPresent(suppressed -> context.report(
                        new VrrpReport.Rejected(failure.kind(), from, failure.detail(), suppressed)));
    }

    /** Neither could ever yield to the other, and each answer would call for another. */
    private Optional<AdvertChecks.Failure> ownAddress(Decoded packet, int advertisedPriority) {
        boolean own = packet.advert().priority() > 0
                && packet.advert().priority() == advertisedPriority
                && fromHere(Optional.of(packet.source()));
        return own
                ? Optional.of(new AdvertChecks.Failure(AdvertRejection.OWN_ADDRESS, "own address and priority"))
                : Optional.empty();
    }

    private boolean fromHere(Optional<InetAddress> source) {
        return source.isPresent() && source.equals(context.source());
    }

    private static boolean takesPart(VrrpState state) {
        return state == VrrpState.BACKUP || state == VrrpState.MASTER;
    }
}
