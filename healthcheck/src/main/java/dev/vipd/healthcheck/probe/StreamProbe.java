package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.dialogue.Dialogue;
import java.util.function.Supplier;

/** A kind of check that is a dialogue over a byte stream. */
record StreamProbe(StreamClient client, Supplier<Dialogue> dialogues) implements Probe {
    @Override
    public void start(ProbeRun run) {
        client.start(dialogues.get(), run);
    }

    @Override
    public void close() {
        client.close();
    }
}
