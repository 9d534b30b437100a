package dev.vipd.healthcheck.dialogue;

import dev.vipd.healthcheck.HttpRequest.Header;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The client's side of one probe over HTTP/2 (RFC 9113), as a state machine: one request at a time, each on a stream of
 * its own. What {@link Dialogue} is for a byte stream, without framing and connection: those are the carrier's. One
 * instance a probe; not thread-safe. Memory is bounded whatever comes, and nothing is thrown on any bytes. After
 * {@link Next.Passed} or {@link Next.Failed} it is not called again.
 */
public interface CallDialogue {
    /** What a dialogue wants done next. */
    sealed interface Next {
        /** Nothing: wait for more. */
        Next WAIT = new Wait();

        /** Passed. */
        Next PASSED = new Passed();

        /** Wait for more of the response. */
        record Wait() implements Next {}

        /**
         * Make a request. The response before it is of no interest any more, if it has not ended.
         *
         * @param fields names in lower case, those of the pseudo-header fields first
         * @param body   may be empty; is not changed afterwards
         */
        record Call(List<Header> fields, byte[] body) implements Next {}

        /** The end, good. */
        record Passed() implements Next {}

        /** The end, bad; the reason as in {@link dev.vipd.healthcheck.CheckOutcome.Failed}. */
        record Failed(String reason) implements Next {}
    }

    /** The connection is there: the request to begin with, or, on another connection, to go on with. */
    Next.Call call();

    /**
     * A header section of the response: interim, final or trailer.
     *
     * @param fields names in lower case, values in characters of ISO 8859-1
     * @param end    whether the response ends with it
     */
    Next onFields(List<Header> fields, boolean end);

    /** A piece of the response's body; all of {@code data} is taken. */
    Next onData(ByteBuffer data, boolean end);

    /** What is waited for now, for the message of a timeout: {@code first byte}, {@code body}. */
    String awaited();

    /** Why the probe fails if the connection is closed now. */
    default String closed() {
        return awaited().equals("body") ? "connection closed within the body" : "connection closed before a response";
    }

    /** Value of the first field of that name; null: there is none. */
    static String value(List<Header> fields, String name) {
        for (Header field : fields) {
            if (field.name().equals(name)) {
                return field.value();
            }
        }
        return null;
    }

    /** The status of a response's header section; -1: it has none. */
    static int status(List<Header> fields) {
        String text = value(fields, ":status");
        boolean three = text != null && text.length() == 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return three ? Integer.parseInt(text) : -1;
    }
}
