package dev.vipd.director;

import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.director.events.Level;
import dev.vipd.ipvs.Drift;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.sync.IpvsListener;
import dev.vipd.netlink.NetlinkException;
import java.util.Optional;
import java.util.function.Consumer;

/** What the reconciler tells, as events. Runs on the {@code ipvs-sync} thread. */
final class IpvsEvents implements IpvsListener {
    private final EventLog log;
    private final boolean dryRun;
    private final Consumer<Throwable> onFailure;

    /** @param onFailure told when the reconciler can't go on */
    IpvsEvents(EventLog log, boolean dryRun, Consumer<Throwable> onFailure) {
        this.log = log;
        this.dryRun = dryRun;
        this.onFailure = onFailure;
    }

    /** An operation in the log's words; {@code -} where it has none of the kind. */
    private record Words(String op, String server, String weight, String text) {
        static Words of(IpvsOp op) {
            String key = op.key().toString();
            return switch (op) {
                case IpvsOp.AddService add -> new Words("add_service", "-", "-", "Adding VS " + key);
                case IpvsOp.EditService edit -> new Words("edit_service", "-", "-", "Changing VS " + key);
                case IpvsOp.DeleteService delete -> new Words("del_service", "-", "-", "Removing VS " + key);
                case IpvsOp.AddDestination add -> new Words("add_dest", add.destination().at().toString(),
                        String.valueOf(add.destination().weight()),
                        "Adding service " + add.destination().at() + " to VS " + key);
                case IpvsOp.EditDestination edit -> new Words("edit_dest", edit.destination().at().toString(),
                        String.valueOf(edit.destination().weight()),
                        (edit.destination().weight() == 0 ? "Disabling" : "Enabling") + " service "
                                + edit.destination().at() + " of VS " + key);
                case IpvsOp.DeleteDestination delete -> new Words("del_dest", delete.at().toString(), "-",
                        "Removing service " + delete.at() + " from VS " + key);
            };
        }
    }

    @Override
    public void onOp(String name, IpvsOp op, String why, long ackNs) {
        Words words = Words.of(op);
        if (dryRun) {
            log.emit(Level.INFO, EventId.DRY_RUN, "dry run: " + words.text, "what", words.text);
            return;
        }
        log.emit(Level.INFO, EventId.IPVS_OP, words.text,
                "op", words.op, "vs", name, "rs", words.server, "weight", words.weight, "why", why,
                "ack_us", ackNs / 1000);
    }

    @Override
    public void onOpFailed(String name, IpvsOp op, NetlinkException why) {
        Words words = Words.of(op);
        log.emit(Level.ERROR, EventId.IPVS_OP_FAILED, words.text + " failed: " + why.getMessage(),
                "op", words.op, "vs", name, "rs", words.server, "weight", words.weight, "why", why.getMessage());
    }

    @Override
    public void onDrift(String name, Drift drift) {
        log.emit(Level.WARN, EventId.IPVS_DRIFT, "VS " + name + " " + words(drift),
                "vs", name, "rs", drift.destination().map(Endpoint::toString).orElse("-"),
                "found", drift.found(), "want", drift.want(),
                "lost_servers", drift.lost().destinations(), "lost_conns", drift.lost().connections());
    }

    /** Who lost what: {@code lost 192.0.2.11:80 (DR weight=1), it had 12 connections: somebody removed it}. */
    private static String words(Drift drift) {
        boolean gone = drift.found().equals(Drift.ABSENT);
        Optional<String> server = drift.destination().map(Endpoint::toString);
        if (drift.want().equals(Drift.ABSENT)) {
            return "got a stranger, " + server.orElse("itself") + " (" + drift.found() + "): somebody added it";
        }
        if (!gone) {
            return (server.isPresent() ? "has " + server.get() + " changed" : "was changed (" + drift.service() + ")")
                    + " by somebody: found " + drift.found() + ", want " + drift.want();
        }
        String what = server.map(at -> at + " (" + drift.want() + ")").orElseGet(() -> "its service " + drift.service()
                + " with its " + count(drift.lost().destinations(), "real server"));
        String had = drift.lost().connections() == 0
                ? ""
                : ", " + (server.isPresent() ? "it" : "they") + " had "
                        + count(drift.lost().connections(), "connection");
        return "lost " + what + had + ": somebody removed it";
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** What is ours can't be kept, or is not known. */
    void memoryTrouble(String why) {
        log.emit(Level.WARN, EventId.IPVS_MEMORY, why, "why", why);
    }

    @Override
    public void onSync(int ops, int failed, long tookNs, String why) {
        if (dryRun) {
            return; // nothing was: each change has been told as one that was not made
        }
        String done = failed == 0
                ? "the kernel's table was brought up to date with "
                : "the kernel refused " + failed + ", took ";
        log.emit(failed == 0 ? Level.INFO : Level.WARN, EventId.IPVS_SYNC,
                done + ops + (ops == 1 ? " change" : " changes"),
                "ops", ops, "failed", failed, "took_us", tookNs / 1000, "why", why);
    }

    @Override
    public void onSetting(String key, String from, String to, String why) {
        String text = key + " is now " + to + ", was " + from;
        if (dryRun) {
            log.emit(Level.INFO, EventId.DRY_RUN, "dry run: " + text, "what", text);
        } else {
            log.emit(why.equals("drift") ? Level.WARN : Level.INFO, EventId.IPVS_SETTING, text,
                    "key", key, "from", from, "to", to, "why", why);
        }
    }

    @Override
    public void onSettingFailed(String key, String to, String why) {
        log.emit(Level.ERROR, EventId.IPVS_SETTING_FAILED, key + " can't be made " + to + ": " + why,
                "key", key, "to", to, "why", why);
    }

    @Override
    public void onFallback(String name, ServiceKey key, String wanted, String taken) {
        log.emit(Level.WARN, EventId.IPVS_FALLBACK,
                "VS " + key + " has scheduler " + taken + ", since the kernel has no " + wanted + ": load module ip_vs_"
                        + wanted,
                "vs", name, "key", key.toString(), "wanted", wanted, "taken", taken);
    }

    @Override
    public void onUnavailable(String why) {
        log.emit(Level.ERROR, EventId.IPVS_UNAVAILABLE, "IPVS can't be reached: " + why, "why", why);
    }

    @Override
    public void onFailed(Throwable cause) {
        onFailure.accept(cause);
    }

    @Override
    public void onAvailable() {
        log.emit(Level.INFO, EventId.IPVS_AVAILABLE, "IPVS can be reached again", "why", "recovered");
    }
}
