package dev.vipd.vrrp;

import dev.vipd.vrrp.wire.Advertisement;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What was reported already, so that what strangers send can't flood the log. It is cleared on every change of state.
 * Each memory is bounded; what does not fit any more is not reported (the counters still see it).
 */
final class ReportMemory {
    private static final int MAX_REMEMBERED = 64;

    private record Complaint(Enum<?> kind, Optional<InetAddress> source) {}

    private record Heard(int priority, long advertIntervalNs, long reportedNs) {}

    private final Set<Complaint> complaints = new HashSet<>();
    private final Map<InetAddress, Heard> peers = new HashMap<>();
    private long suppressed;

    void clear() {
        complaints.clear();
        peers.clear();
    }

    /** How many complaints were left out since the last one reported, if this one is to be reported now. */
    OptionalLong firstComplaint(Enum<?> kind, Optional<InetAddress> source) {
        Complaint complaint = new Complaint(kind, source);
        if (complaints.contains(complaint) || complaints.size() == MAX_REMEMBERED) {
            suppressed++;
            return OptionalLong.empty();
        }
        complaints.add(complaint);
        long leftOut = suppressed;
        suppressed = 0;
        return OptionalLong.of(leftOut);
    }

    /**
     * Why this advert is to be reported, if it is: it is the peer's first, it resigns, or it differs from the one last
     * reported, which was at least {@code minGapNs} ago.
     */
    Optional<VrrpReport.Note> heard(Advertisement advert, InetAddress source, long nowNs, long minGapNs) {
        Heard last = peers.get(source);
        if (last == null && peers.size() == MAX_REMEMBERED) {
            return Optional.empty();
        }
        boolean same = last != null
                && last.priority == advert.priority()
                && last.advertIntervalNs == advert.advertIntervalNs();
        boolean resigns = advert.priority() == 0;
        if (same || last != null && !resigns && nowNs - last.reportedNs < minGapNs) {
            return Optional.empty();
        }
        peers.put(source, new Heard(advert.priority(), advert.advertIntervalNs(), nowNs));
        if (resigns) {
            return Optional.of(VrrpReport.Note.PRIO_ZERO);
        }
        return Optional.of(last == null ? VrrpReport.Note.FIRST : VrrpReport.Note.CHANGE);
    }
}
