package dev.vipd.healthcheck.dialogue;

import dev.vipd.healthcheck.Advice;

/** What a {@link Dialogue} wants done next. */
public sealed interface Step {
    /** Nothing: wait for more. */
    Step WAIT = new Wait();

    /** Passed, with nothing to add. */
    Step PASSED = new Passed(Advice.NONE, "", false);

    /** Wait for bytes. */
    record Wait() implements Step {}

    /** Send these bytes, then wait. The array is not changed afterwards. */
    record Send(byte[] data) implements Step {}

    /** Secure the connection by TLS, then call {@link Dialogue#onSecured()}. */
    record StartTls() implements Step {}

    /** Close this connection, open another to the same target, and call {@link Dialogue#begin()}. */
    record Reconnect() implements Step {}

    /**
     * The end, good.
     *
     * @param reusable whether the connection can carry a further exchange: nothing of this one is left in it
     */
    record Passed(Advice advice, String warning, boolean reusable) implements Step {}

    /** The end, bad; the reason as in {@link dev.vipd.healthcheck.CheckOutcome.Failed}. */
    record Failed(String reason) implements Step {}
}
