package dev.vipd.vrrp.io;

import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.VrrpState;
import java.util.List;
import java.util.Map;

/** Hears what the loop does, at the moment it does it. Called on the {@code vrrp} thread: must not block. */
public interface VrrpListener {
    /** A virtual router reports; {@link VrrpReport.AdvertSent} comes by {@link #advertSent}. */
    void report(VirtualRouterConfig instance, VrrpReport report);

    /**
     * An advert that is worth a report left.
     *
     * @param sentNs {@code System.nanoTime()} just before: no receiver can have had it earlier
     */
    void advertSent(VirtualRouterConfig instance, VrrpReport.AdvertSent report, long sentNs);

    /** What happened to a VIP. */
    enum AddressChange {
        /** The kernel acknowledged our request to add it. */
        ADDED,
        /** The kernel acknowledged our request to delete it. */
        DELETED,
        /** The kernel's monitor says that it is there. */
        SEEN,
        /** The kernel's monitor says that it is gone. */
        GONE
    }

    /**
     * @param device the interface
     * @param ackNs  from request to ack, 0 for what the monitor told
     */
    void address(
            VirtualRouterConfig instance, AddressChange change, VirtualAddress address, String device, long ackNs);

    /** The kernel acknowledged that a route or rule is added, or deleted. */
    void routed(VirtualRouterConfig instance, boolean added, Holding item, long ackNs);

    /** The kernel refused to delete something. A refusal to add comes as a report of the virtual router. */
    void deleteFailed(VirtualRouterConfig instance, Holding item, String why);

    /**
     * Something that no instance owns alone could not be done: a macvlan, a setting, a rule of the firewall, a static
     * address. Bounded: once until it works again. May come from another thread.
     *
     * @param what what was to be done: {@code make the macvlan vrrp.51 on eth0}
     */
    void hostTrouble(String what, String why);

    /** Gratuitous ARP left. */
    void announced(VirtualRouterConfig instance, VirtualAddress address, int frames, VrrpEffect.Announce.Round round);

    /** Sending began to fail, or failed for another reason than before. */
    void sendFailed(VirtualRouterConfig instance, String why);

    /** A packet that belongs to no instance; once per kind and source. {@code source} is {@code -} when not known. */
    void strayPacket(String interfaceName, String kind, String source, String detail, long suppressed);

    /** A tracker went up or down; a file, which has a number, only changed it perhaps. */
    void tracker(String kind, String name, boolean up, String why);

    /** Something is wrong with a tracker itself, not with what it watches. Bounded: once until it works again. */
    void trackerTrouble(TrackerId tracker, String why);

    /** In a dry run: a change to kernel or wire that was not made. */
    void dryRun(String what);

    /** The loop acted on a timer late. */
    void stall(long lateNs, long limitNs);

    /** Real-time scheduling was asked for and is not permitted. */
    void realTimeRefused(int priority, String why);

    /**
     * The pauses that this machine was found to make at the start are long beside an instance's advert interval.
     *
     * @param pauseNs the longest
     */
    void pauses(VirtualRouterConfig instance, long pauseNs);

    /** Once a second, just before the heartbeat. */
    void loop(LoopStatus status);

    /** Once a second while the loop runs. {@code held}: the VIPs it holds. */
    void heartbeat(Map<String, VrrpState> states, List<VirtualAddress> held);

    /** The loop met something it can't go on from; it has resigned as well as it could, and stops. */
    void failed(Throwable cause);
}
