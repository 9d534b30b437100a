package dev.vipd.vrrp;

import dev.vipd.vrrp.wire.AdvertRejection;
import java.util.Map;
import java.util.Optional;

/**
 * Counters of one virtual router since it was created (RFC 6527 vrrpv3StatisticsTable, RFC 8347 statistics).
 *
 * @param masterTransitions    changes to MASTER
 * @param newMasterReason      cause of the last one; empty when there was none
 * @param advertsReceived      adverts that passed all checks in BACKUP or MASTER
 * @param advertsSent          adverts sent, priority 0 included; one to several unicast peers counts once
 * @param priorityZeroReceived those received with priority 0
 * @param priorityZeroSent     those sent with priority 0
 * @param advertsIgnored       good adverts while in INIT or FAULT
 * @param checksumForms        version 3 adverts received, by the form of their checksum; every form is a key
 * @param rejected             packets discarded, by reason; every reason is a key
 * @param mismatched           adverts accepted with something not as configured; every kind is a key
 * @param lastRejection        the last reason for discarding one
 * @param lastProtocolError    the last of those that RFC 6527 and RFC 8347 have a name for
 * @param conflicts            other masters heard while MASTER, each counted once until it went away
 * @param announceRounds       rounds of gratuitous ARP
 * @param addressesRestored    VIPs put back after somebody else deleted them
 * @param addressFailures      VIPs that the kernel refused
 */
public record VrrpStats(
        long masterTransitions,
        Optional<StateReason.Cause> newMasterReason,
        long advertsReceived,
        long advertsSent,
        long priorityZeroReceived,
        long priorityZeroSent,
        long advertsIgnored,
        Map<ChecksumForm, Long> checksumForms,
        Map<AdvertRejection, Long> rejected,
        Map<AdvertMismatch, Long> mismatched,
        Optional<AdvertRejection> lastRejection,
        Optional<AdvertRejection> lastProtocolError,
        long conflicts,
        long announceRounds,
        long addressesRestored,
        long addressFailures) {

    public VrrpStats {
        checksumForms = Map.copyOf(checksumForms);
        rejected = Map.copyOf(rejected);
        mismatched = Map.copyOf(mismatched);
    }

    /** {@code new-master-reason} of RFC 8347; vrrpv3StatisticsNewMasterReason of RFC 6527 has the same four. */
    public String newMasterReasonName() {
        return newMasterReason
                .map(cause -> switch (cause) {
                    case PRIO_ZERO -> "priority";
                    case PREEMPT, OWNER -> "preempted";
                    case CREATED, STARTUP, SHUTDOWN, MASTER_DOWN, HIGHER_PRIO, HIGHER_IP, OTHER_OWNER, RESUME, STALL,
                            FAILOVER, SYNC_GROUP, FAULT, RECOVERED -> "no-response";
                })
                .orElse("not-master");
    }

    /** {@code protocol-error-reason} of RFC 8347; vrrpv3StatisticsProtoErrReason of RFC 6527. */
    public String protocolErrorName() {
        return lastProtocolError
                .map(kind -> kind.counterName().replace("_errors", "-error").replace('_', '-'))
                .orElse("no-error");
    }

    /** Whether RFC 6527 and RFC 8347 count it as a protocol error: TTL, version, checksum, VRID. */
    static boolean isProtocolError(AdvertRejection kind) {
        return kind == AdvertRejection.TTL
                || kind == AdvertRejection.VERSION
                || kind == AdvertRejection.CHECKSUM
                || kind == AdvertRejection.VRID;
    }
}
