package dev.vipd.vrrp.sim;

/**
 * One thing that goes wrong. A run is its seed and a list of these; each stands for itself, so that any may go.
 *
 * @param host  whom it strikes
 * @param other at a cut, where to
 * @param draw  what else chance has to say
 */
record Fault(long atNs, long lastsNs, Kind kind, int host, int other, long draw) {

    /** What. */
    enum Kind {
        /** The process is killed; its addresses stay behind. */
        CRASH,
        /** As that, and its supervisor starts it again at once. */
        QUICK_RESTART,
        /** The process ends in good order, and another starts later. */
        STOP,
        /** The process stands still; what comes in waits. */
        FREEZE,
        /** The host's link has no carrier. */
        LINK_DOWN,
        /** Packets of one host no longer reach one other. */
        CUT,
        /** One host hears nobody and is heard by nobody; its link is up. */
        ISOLATION,
        /** Packets are lost, doubled, late, out of order, damaged. */
        WEATHER,
        /** The interface has no address to send from. */
        NO_SOURCE,
        /** The kernel refuses to add addresses. */
        REFUSE,
        /** Somebody deletes the addresses. */
        DELETE,
        /** The kernel drops what it should tell, and says so in the end. */
        OVERRUN,
        /** A tracker with a weight goes down. */
        WEIGHT,
        /** A tracker without a weight goes down. */
        TRACKER,
        /** A configuration is loaded. */
        RELOAD,
        /** The operator takes the instance out. */
        MAINTENANCE,
        /** The operator has the master hand over. */
        FAILOVER,
        /** A third speaker, that does not fit. */
        FOREIGN,
        /** Packets that make no sense. */
        BABBLE
    }

    long untilNs() {
        return atNs + lastsNs;
    }

    @Override
    public String toString() {
        return String.format("%s host %d other %d at %.3f s for %.3f s, draw %x", kind, host, other, atNs / 1e9,
                lastsNs / 1e9, draw);
    }
}
