package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.dialogue.Dialogue;

/**
 * Carries dialogues to one target, one at a time, over connections that it opens as they are needed. An idle connection
 * is kept for the next dialogue where that was asked for and {@code Step.Passed.reusable} allows it; one that turns out
 * to be closed before the server sent a byte over it is replaced by a new one, once, since that is no fault. Confined
 * to one event loop.
 */
interface StreamClient {
    /** Runs the dialogue to its end, which is the run's. */
    void start(Dialogue dialogue, ProbeRun run);

    /** Closes an idle connection. */
    void close();
}
