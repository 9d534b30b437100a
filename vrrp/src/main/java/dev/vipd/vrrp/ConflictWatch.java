package dev.vipd.vrrp;

import dev.vipd.vrrp.Conflict.Kind;
import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Other masters, and what hides one. It has no timer: an end is noticed with the next advert or deadline, so that a
 * packet that is discarded moves no deadline whatsoever.
 */
final class ConflictWatch {
    /** More are not told apart; strangers must not fill the log. */
    private static final int MAX_WATCHED = 8;
    /** One packet may have been damaged on the way; the second like it is no accident. */
    private static final int DISCARDED_MIN = 2;

    private record Key(Kind kind, Optional<InetAddress> peer) {}

    /** @param silenceNs after so long without another one it is gone */
    private record Seen(Conflict conflict, int adverts, long lastNs, long silenceNs, boolean told) {}

    private final RouterContext context;
    private final Map<Key, Seen> watched = new LinkedHashMap<>();

    ConflictWatch(RouterContext context) {
        this.context = context;
    }

    List<Conflict> current() {
        return watched.values().stream().filter(Seen::told).map(Seen::conflict).toList();
    }

    /**
     * Another master was heard that has to yield.
     *
     * @return how many of its adverts were heard since it began
     */
    int master(Kind kind, Decoded packet) {
        return note(kind, Optional.of(packet.source()), Optional.of(packet.advert()), "", 1);
    }

    /** When the conflict with this master began. */
    long sinceNs(Kind kind, Decoded packet) {
        Seen seen = watched.get(new Key(kind, Optional.of(packet.source())));
        return seen == null ? context.nowNs : seen.conflict().sinceNs();
    }

    /** The VIPs of an accepted advert are not the own ones. */
    void addressList(Decoded packet, String detail) {
        note(Kind.ADDRESS_LIST, Optional.of(packet.source()), Optional.of(packet.advert()), detail, 1);
    }

    /**
     * A packet of this virtual router was discarded.
     *
     * @param packet empty when it could not be read
     */
    void discarded(AdvertRejection why, Optional<InetAddress> peer, Optional<Advertisement> packet, String detail) {
        Kind kind = Kind.hiddenBy(why);
        if (packet.isPresent() && packet.get().priority() == 0) {
            end(key -> key.kind() == kind && key.peer().equals(peer));
        } else {
            note(kind, peer, packet, detail, DISCARDED_MIN);
        }
    }

    /** An advert was accepted: its sender is not hidden; with priority 0 it is no master any more either. */
    void accepted(Decoded packet, boolean sameAddresses) {
        boolean resigned = packet.advert().priority() == 0;
        end(key -> key.peer().equals(Optional.of(packet.source())) && switch (key.kind()) {
            case MASTER, OWNER -> resigned;
            case ADDRESS_LIST -> resigned || sameAddresses;
            case OWN_ADDRESS, VRID -> false;
            case VERSION, TTL, CHECKSUM, AUTHENTICATION, INTERVAL, CAST, UNKNOWN_PEER, MALFORMED -> true;
        });
    }

    /** This router is not MASTER any more: what only a master can be in conflict with has ended. */
    void notMaster() {
        end(key -> key.kind() == Kind.MASTER || key.kind() == Kind.OWNER || key.kind() == Kind.OWN_ADDRESS);
    }

    void notTakingPart() {
        end(_ -> true);
    }

    /** Looks who has been silent long enough. @return whether a conflict ended */
    boolean endSilent() {
        return end(key -> {
            Seen seen = watched.get(key);
            return context.nowNs - seen.lastNs() >= seen.silenceNs();
        });
    }

    private int note(
            Kind kind, Optional<InetAddress> peer, Optional<Advertisement> advert, String detail, int minAdverts) {
        Key key = new Key(kind, peer);
        Seen before = watched.get(key);
        if (before == null && watched.size() == MAX_WATCHED) {
            return 0;
        }
        OptionalInt priority = advert.map(a -> OptionalInt.of(a.priority())).orElse(OptionalInt.empty());
        long silenceNs = advert
                .map(a -> VrrpTimers.masterDownNs(a.version(), a.priority(), a.advertIntervalNs()))
                .orElse(context.masterDownNs(context.config.advertIntervalNs()));
        // a damaged packet now and then makes no conflict: the second has to come while the first still counts
        boolean goesOn = before != null && context.nowNs - before.lastNs() < before.silenceNs();
        long sinceNs = goesOn || before != null && before.told() ? before.conflict().sinceNs() : context.nowNs;
        int adverts = goesOn ? before.adverts() + 1 : 1;
        Conflict conflict = new Conflict(kind, peer, priority, sinceNs, detail);
        boolean told = before != null && before.told();
        if (!told && adverts >= minAdverts) {
            told = true;
            context.counters.conflict();
            context.report(new VrrpReport.ConflictBegun(conflict));
        }
        watched.put(key, new Seen(conflict, adverts, context.nowNs, silenceNs, told));
        return adverts;
    }

    private boolean end(Predicate<Key> which) {
        boolean ended = false;
        for (Iterator<Map.Entry<Key, Seen>> all = watched.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Key, Seen> entry = all.next();
            if (which.test(entry.getKey())) {
                all.remove();
                if (entry.getValue().told()) {
                    ended = true;
                    context.report(new VrrpReport.ConflictEnded(entry.getValue().conflict()));
                }
            }
        }
        return ended;
    }
}
