package dev.vipd.vrrp.io;

import dev.vipd.netlink.sys.ArpSocket;
import dev.vipd.netlink.sys.EchoSocket;
import dev.vipd.netlink.sys.Fd;
import dev.vipd.netlink.sys.ProbeSocket;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.vrrp.TrackPingConfig;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.track.PingTracker;
import java.net.Inet4Address;
import java.util.List;
import java.util.OptionalLong;

/** Asks one host, by ICMP or ARP. */
final class PingWatcher implements Watcher {
    private final TrackerId id;
    private final TrackPingConfig config;
    private final WatchedTrackers.Reports reports;
    private final PingTracker tracker;
    /** Opened anew after each failure: the interface may be another one by then. */
    private ProbeSocket socket;

    PingWatcher(TrackerId id, TrackPingConfig config, WatchedTrackers.Reports reports) {
        this.id = id;
        this.config = config;
        this.reports = reports;
        tracker = new PingTracker(config, System.nanoTime());
    }

    @Override
    public List<Fd> fds() {
        return socket == null ? List.of() : List.of(socket.fd());
    }

    @Override
    public OptionalLong nextDeadlineNs() {
        return OptionalLong.of(tracker.nextDeadlineNs());
    }

    @Override
    public void act(long nowNs) {
        readAnswers();
        for (PingTracker.Due due = tracker.deadline(nowNs); due != PingTracker.Due.NOTHING;
                due = tracker.deadline(nowNs)) {
            if (due == PingTracker.Due.CHANGED) {
                tell();
            } else {
                ask();
            }
        }
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    private void ask() {
        try {
            if (socket == null) {
                socket = open();
            }
            socket.send(tracker.seq());
        } catch (SysException e) {
            failed(e);
        }
    }

    private void readAnswers() {
        try {
            if (socket != null && socket.answered(tracker.seq()) && tracker.answered()) {
                tell();
            }
        } catch (SysException e) {
            failed(e);
        }
    }

    private void failed(SysException cause) {
        close();
        if (tracker.notSent(cause.getMessage())) {
            tell();
        }
    }

    private ProbeSocket open() throws SysException {
        if (config.arp()) {
            return new ArpSocket((Inet4Address) config.address(), config.interfaceName().orElseThrow());
        }
        int identifier = (int) ProcessHandle.current().pid() * 31 + config.hashCode(); // not others' on this host
        return new EchoSocket(config.address(), config.interfaceName(), identifier);
    }

    private void tell() {
        reports.is(id, tracker.reading(), tracker.why());
    }
}
