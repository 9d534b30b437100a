package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.dialogue.CallDialogue;
import dev.vipd.healthcheck.dialogue.Http2Dialogue;
import java.util.function.Supplier;

/** {@code http} over HTTP/2. */
final class Http2Probe implements Probe {
    private final Http2Client client;
    private final Supplier<CallDialogue> dialogues;

    Http2Probe(ProbeConfig.Http http) {
        client = new Http2Client(http.route(), http.tls(), http.keepAlive());
        dialogues = Http2Dialogue.scripts(http);
    }

    @Override
    public void start(ProbeRun run) {
        client.start(dialogues.get(), run);
    }

    @Override
    public void close() {
        client.close();
    }
}
