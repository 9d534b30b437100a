package dev.vipd.vrrp;

import dev.vipd.vrrp.wire.AdvertRejection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The counters behind {@link VrrpStats}. */
final class VrrpCounters {
    private final Map<ChecksumForm, Long> checksumForms = zeros(ChecksumForm.class);
    private final Map<AdvertRejection, Long> rejected = zeros(AdvertRejection.class);
    private final Map<AdvertMismatch, Long> mismatched = zeros(AdvertMismatch.class);
    private Optional<StateReason.Cause> newMasterReason = Optional.empty();
    private Optional<AdvertRejection> lastRejection = Optional.empty();
    private Optional<AdvertRejection> lastProtocolError = Optional.empty();
    private long masterTransitions;
    private long advertsReceived;
    private long advertsSent;
    private long priorityZeroReceived;
    private long priorityZeroSent;
    private long advertsIgnored;
    private long conflicts;
    private long announceRounds;
    private long addressesRestored;
    private long addressFailures;

    private static <E extends Enum<E>> Map<E, Long> zeros(Class<E> type) {
        Map<E, Long> counters = new EnumMap<>(type);
        for (E key : type.getEnumConstants()) {
            counters.put(key, 0L);
        }
        return counters;
    }

    void becameMaster(StateReason.Cause why) {
        masterTransitions++;
        newMasterReason = Optional.of(why);
    }

    void received(int version, int priority, ChecksumForm form) {
        advertsReceived++;
        if (priority == 0) {
            priorityZeroReceived++;
        }
        if (version == 3) {
            checksumForms.merge(form, 1L, Long::sum);
        }
    }

    void sent(int priority) {
        advertsSent++;
        if (priority == 0) {
            priorityZeroSent++;
        }
    }

    void ignored() {
        advertsIgnored++;
    }

    void rejected(AdvertRejection kind) {
        rejected.merge(kind, 1L, Long::sum);
        lastRejection = Optional.of(kind);
        if (VrrpStats.isProtocolError(kind)) {
            lastProtocolError = lastRejection;
        }
    }

    void mismatched(AdvertMismatch kind) {
        mismatched.merge(kind, 1L, Long::sum);
    }

    void conflict() {
        conflicts++;
    }

    void announced() {
        announceRounds++;
    }

    void addressRestored() {
        addressesRestored++;
    }

    void addressFailed() {
        addressFailures++;
    }

    VrrpStats snapshot() {
        return new VrrpStats(
                masterTransitions,
                newMasterReason,
                advertsReceived,
                advertsSent,
                priorityZeroReceived,
                priorityZeroSent,
                advertsIgnored,
                checksumForms,
                rejected,
                mismatched,
                lastRejection,
                lastProtocolError,
                conflicts,
                announceRounds,
                addressesRestored,
                addressFailures);
    }
}
