package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Route;

/** {@code tcp} without an exchange: passes when the connection is established. */
record ConnectProbe(Route route) implements Probe {
    @Override
    public void start(ProbeRun run) {
        TcpConnection.open(route, run, new TcpConnection.User() {
            @Override
            public ProbeRun run() {
                return run;
            }

            @Override
            public void connected() {
                run.passed();
            }

            @Override
            public void broken(int error) {
                run.failed(SocketFault.reason(error));
            }

            @Override
            public void readable() {
                // passed before there could be anything
            }
        });
    }
}
