package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.kernel.IpvsInfo;
import dev.vipd.ipvs.kernel.IpvsKernel;
import dev.vipd.ipvs.kernel.IpvsUnavailableException;
import dev.vipd.netlink.NetlinkException;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The table as it was last seen. Looked at by one thread only; what it saw is for any. */
final class Sight {
    private final IpvsKernel kernel;
    private final IpvsListener listener;
    private final LongSupplier nanoTime;
    private Optional<String> unavailable = Optional.empty();
    private volatile Optional<Seen> last = Optional.empty();
    private volatile Optional<IpvsInfo> info = Optional.empty();

    /**
     * The table as it was.
     *
     * @param atNs  when the look at it began
     * @param still whether we have changed nothing since
     */
    private record Seen(Observation observation, long atNs, boolean still) {}

    Sight(IpvsKernel kernel, IpvsListener listener, LongSupplier nanoTime) {
        this.kernel = kernel;
        this.listener = listener;
        this.nanoTime = nanoTime;
    }

    /** The table as last seen; empty before the first time and while it can't be reached. */
    Optional<Observation> last() {
        return last.map(Seen::observation);
    }

    /** As last seen, if that was less than so long ago and we have changed nothing since; else empty. */
    Optional<Observation> last(long ageNsMax) {
        long nowNs = nanoTime.getAsLong();
        return last.filter(seen -> seen.still && nowNs - seen.atNs < ageNsMax).map(Seen::observation);
    }

    /** Which IPVS it is; empty until the table was seen. */
    Optional<IpvsInfo> info() {
        return info;
    }

    /** Reads the table now; empty when it can't be reached. */
    Optional<Observation> look() {
        try {
            long atNs = nanoTime.getAsLong();
            last = Optional.of(new Seen(kernel.dump(), atNs, true));
            learnInfo();
            if (unavailable.isPresent()) {
                unavailable = Optional.empty();
                listener.onAvailable();
            }
        } catch (NetlinkException | IpvsUnavailableException e) {
            lost(e.getMessage());
        }
        return last();
    }

    /** It is for the head of a listing, and not worth a failure of its own. */
    private void learnInfo() throws IpvsUnavailableException {
        try {
            info = info.isPresent() ? info : Optional.of(kernel.info());
        } catch (NetlinkException e) {
            info = Optional.empty();
        }
    }

    /** We have changed it since. */
    void changed() {
        last = last.map(seen -> new Seen(seen.observation, seen.atNs, false));
    }

    /** It can't be reached; told once. */
    void lost(String why) {
        last = Optional.empty();
        info = Optional.empty();
        if (!unavailable.equals(Optional.of(why))) {
            unavailable = Optional.of(why);
            listener.onUnavailable(why);
        }
    }
}
