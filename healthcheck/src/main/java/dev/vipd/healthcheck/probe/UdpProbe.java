package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.TimerWheel;
import dev.vipd.healthcheck.dialogue.Step;
import dev.vipd.healthcheck.dialogue.UdpReply;

/**
 * {@code udp}. Without {@code require_reply} any reply passes at once, and so does silence at the end of
 * {@code connect_timeout}, as with keepalived: so such a probe always takes that long with a server that is silent.
 * A host that is gone is told from a silent one only if the network says so in that time; for one in the same network
 * the kernel does after three seconds in which the address was not resolved.
 */
record UdpProbe(ProbeConfig.Udp udp) implements Probe {
    @Override
    public void start(ProbeRun run) {
        UdpSocket socket = UdpSocket.open(
                udp.route(),
                UdpReply.payload(udp),
                run,
                datagram -> udp.requireReply() ? UdpReply.judge(udp, datagram) : Step.PASSED);
        if (socket == null) {
            return;
        }
        if (udp.requireReply()) {
            run.connected();
            run.awaiting("reply");
        } else {
            // one tick before the deadline; after a stall, a refusal may lie unread in the socket
            socket.at(run.deadlineNs() - TimerWheel.TICK_NS, () -> {
                socket.receive();
                run.passed();
            });
        }
    }
}
