package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.Drift;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a reconciler told, one line each. */
class Transcript implements IpvsListener {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /** All lines since the last call. */
    List<String> take() {
        List<String> taken = new ArrayList<>();
        lines.drainTo(taken);
        return taken;
    }

    /** Waits for the next line; null when none comes within ten seconds. */
    String await() throws InterruptedException {
        return lines.poll(10, TimeUnit.SECONDS);
    }

    @Override
    public void onOp(String name, IpvsOp op, String why, long ackNs) {
        lines.add("op " + name + " " + row(op) + " " + why + " " + ackNs);
    }

    @Override
    public void onOpFailed(String name, IpvsOp op, NetlinkException why) {
        lines.add("failed " + name + " " + row(op) + " " + why.errno());
    }

    @Override
    public void onDrift(String name, Drift drift) {
        String row = drift.destination().map(at -> "" + host(at)).orElse("-");
        lines.add("drift " + name + " " + row + " found " + drift.found() + " want " + drift.want());
    }

    @Override
    public void onSync(int ops, int failed, long tookNs, String why) {
        lines.add("sync " + ops + " " + failed + " " + tookNs + " " + why);
    }

    @Override
    public void onSetting(String key, String from, String to, String why) {
        lines.add("setting " + key + " " + from + " -> " + to + " " + why);
    }

    @Override
    public void onSettingFailed(String key, String to, String why) {
        lines.add("setting failed " + key + " " + to + ": " + why);
    }

    @Override
    public void onFallback(String name, ServiceKey key, String wanted, String taken) {
        lines.add("fallback " + name + " " + wanted + " -> " + taken);
    }

    @Override
    public void onUnavailable(String why) {
        lines.add("unavailable " + why);
    }

    @Override
    public void onAvailable() {
        lines.add("available");
    }

    @Override
    public void onFailed(Throwable cause) {
        lines.add("broken " + cause.getMessage());
    }

    /** {@code add} for a service; {@code edit 1=0} for a destination: last byte of its address, and weight. */
    private static String row(IpvsOp op) {
        return switch (op) {
            case IpvsOp.AddService add -> "add";
            case IpvsOp.EditService edit -> "edit";
            case IpvsOp.DeleteService delete -> "del";
            case IpvsOp.AddDestination add -> "add " + host(add.destination().at()) + "=" + add.destination().weight();
            case IpvsOp.EditDestination edit ->
                "edit " + host(edit.destination().at()) + "=" + edit.destination().weight();
            case IpvsOp.DeleteDestination delete -> "del " + host(delete.at());
        };
    }

    private static int host(Endpoint at) {
        return at.address().getAddress()[3] & 0xff;
    }
}
