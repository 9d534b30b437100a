package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.dialogue.GrpcDialogue;

/** {@code grpc}: a connection a probe. */
final class GrpcProbe implements Probe {
    private final ProbeConfig.Grpc grpc;
    private final Http2Client client;

    GrpcProbe(ProbeConfig.Grpc grpc) {
        this.grpc = grpc;
        this.client = new Http2Client(grpc.route(), grpc.tls(), false);
    }

    @Override
    public void start(ProbeRun run) {
        client.start(new GrpcDialogue(grpc), run);
    }
}
