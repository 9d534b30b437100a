package dev.vipd.vrrp.io;

import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.VrrpState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes down what it hears, one line each; times are left out. */
final class Heard implements VrrpListener {
    final List<String> lines = new ArrayList<>();

    @Override
    public void report(VirtualRouterConfig instance, VrrpReport report) {
        lines.add(instance.name() + " report " + report);
    }

    @Override
    public void advertSent(VirtualRouterConfig instance, VrrpReport.AdvertSent report, long sentNs) {
        lines.add(instance.name() + " sent " + report.why());
    }

    @Override
    public void address(
            VirtualRouterConfig instance, AddressChange change, VirtualAddress address, String device, long ackNs) {
        lines.add(instance.name() + " " + change + " " + address + (device.equals("eth0") ? "" : " on " + device));
    }

    @Override
    public void routed(VirtualRouterConfig instance, boolean added, Holding item, long ackNs) {
        lines.add(instance.name() + (added ? " added " : " deleted ") + item);
    }

    @Override
    public void hostTrouble(String what, String why) {
        lines.add("trouble: " + what + ": " + why);
    }

    @Override
    public void deleteFailed(VirtualRouterConfig instance, Holding address, String why) {
        lines.add(instance.name() + " delete failed " + address + " " + why);
    }

    @Override
    public void announced(
            VirtualRouterConfig instance, VirtualAddress address, int frames, VrrpEffect.Announce.Round round) {
        lines.add(instance.name() + " announced " + address + " " + frames + " " + round);
    }

    @Override
    public void sendFailed(VirtualRouterConfig instance, String why) {
        lines.add(instance.name() + " send failed: " + why);
    }

    @Override
    public void strayPacket(String interfaceName, String kind, String source, String detail, long suppressed) {
        lines.add(interfaceName + " stray " + kind + " " + source + " " + suppressed);
    }

    @Override
    public void tracker(String kind, String name, boolean up, String why) {
        lines.add(kind + " " + name + " " + (up ? "up" : "down") + ": " + why);
    }

    @Override
    public void trackerTrouble(TrackerId tracker, String why) {
        lines.add("trouble " + tracker.name() + ": " + why);
    }

    @Override
    public void dryRun(String what) {
        lines.add("would " + what);
    }

    @Override
    public void stall(long lateNs, long limitNs) {
        lines.add("stall");
    }

    @Override
    public void realTimeRefused(int priority, String why) {
        lines.add("no real time " + priority + ": " + why);
    }

    @Override
    public void pauses(VirtualRouterConfig instance, long pauseNs) {
        lines.add("pauses " + instance.name());
    }

    @Override
    public void loop(LoopStatus status) {}

    @Override
    public void heartbeat(Map<String, VrrpState> states, List<VirtualAddress> held) {
        lines.add("heartbeat");
    }

    @Override
    public void failed(Throwable cause) {
        lines.add("failed " + cause);
    }
}
