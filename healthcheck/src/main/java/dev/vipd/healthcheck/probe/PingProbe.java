package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.ProbeConfig;
import java.net.Inet6Address;

/** {@code ping}: one echo request, by a socket that all ping checks of the loop share. */
final class PingProbe implements Probe {
    private final ProbeConfig.Ping ping;
    private PingSocket socket;

    PingProbe(ProbeConfig.Ping ping) {
        this.ping = ping;
    }

    @Override
    public void start(ProbeRun run) {
        if (ping.route().target().getAddress() instanceof Inet6Address six
                && six.isLinkLocalAddress()
                && six.getScopeId() == 0
                && ping.route().bindInterface().isEmpty()) {
            run.localFault("a link-local address needs bind_if or a scope");
            return;
        }
        if (socket == null) {
            socket = run.loop().pingSockets().acquire(ping.route(), run);
        }
        if (socket != null) {
            run.connected();
            run.awaiting("echo reply");
            socket.ping(ping.route().target().getAddress(), run);
        }
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.release();
            socket = null;
        }
    }
}
