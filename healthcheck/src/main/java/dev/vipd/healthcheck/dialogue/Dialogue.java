package dev.vipd.healthcheck.dialogue;

import java.nio.ByteBuffer;

/**
 * The client's side of one probe over a byte stream, as a state machine: bytes come in, {@link Step}s go out. Pure, so
 * that the same one runs over a plain connection, inside TLS, and in a test. One instance a probe; not thread-safe.
 * Memory is bounded whatever comes, and nothing is thrown on any bytes. After {@link Step.Passed} or
 * {@link Step.Failed} it is not called again.
 */
public interface Dialogue {
    /** The connection is established, or established anew after {@link Step.Reconnect}. */
    Step begin();

    /** Bytes came, in pieces of any size; all of {@code data} is taken. */
    Step on(ByteBuffer data);

    /** The peer has closed its side, after a whole TLS message where there is TLS. */
    Step onEnd();

    /** TLS is there, after {@link Step.StartTls}. */
    default Step onSecured() {
        throw new IllegalStateException("did not ask for TLS");
    }

    /** What is waited for now, for the message of a timeout: {@code first byte}, {@code header}, {@code body}. */
    String awaited();
}
