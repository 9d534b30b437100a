package dev.vipd.healthcheck.dialogue;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.ProbeConfig;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The requests of an {@code http} check over HTTP/1.0 or 1.1 (RFC 9112), one after the other, over one connection as
 * far as the responses allow it. The status decides with the end of the header. A body that no rule is about is read
 * and dropped, since to close on unread data would send the server a reset, but not for longer than 64 KiB.
 */
public final class Http1Dialogue implements Dialogue {
    private static final Step PASSED_REUSABLE = new Step.Passed(Advice.NONE, "", true);

    private final HttpCourse course;
    private final HttpHead head = new HttpHead();
    private final HttpBody body = new HttpBody();
    private boolean inBody;
    private boolean onKept;

    /** @throws IllegalArgumentException if {@link BodyRules#problem} has something to say about one of its rules */
    public Http1Dialogue(ProbeConfig.Http config) {
        this(new HttpScript(config));
    }

    private Http1Dialogue(HttpScript script) {
        this.course = new HttpCourse(script);
    }

    /** Dialogues of one check, which share what can be made beforehand. */
    public static Supplier<Dialogue> scripts(ProbeConfig.Http config) {
        HttpScript script = new HttpScript(config);
        return () -> new Http1Dialogue(script);
    }

    @Override
    public Step begin() {
        onKept = false;
        return send();
    }

    private Step send() {
        head.reset();
        inBody = false;
        return course.asked().send();
    }

    @Override
    public Step on(ByteBuffer data) {
        int end = data.limit();
        Step step = read(data, end);
        data.limit(end).position(end);
        return step;
    }

    private Step read(ByteBuffer data, int end) {
        if (!inBody) {
            switch (head.read(data)) {
                case MORE -> {
                    return Step.WAIT;
                }
                case FAULT -> {
                    return new Step.Failed(head.fault());
                }
                case DONE -> {
                    Step step = judgeHead();
                    if (step != Step.WAIT) {
                        return step;
                    }
                }
            }
        }
        boolean dropped = course.judged() == null;
        if (dropped) {
            long left = HttpCourse.DROPPED_BYTES_MAX - body.received();
            data.limit((int) Math.min(end, data.position() + left)); // so that pieces make no difference
        }
        return switch (body.read(data)) {
            case MORE -> dropped && body.received() == HttpCourse.DROPPED_BYTES_MAX ? complete(false) : Step.WAIT;
            case FAULT -> new Step.Failed(body.fault());
            case DONE -> complete(data.position() == end);
        };
    }

    private Step judgeHead() {
        if (head.hasConflictingLengths()) {
            return new Step.Failed("conflicting content-length");
        }
        long length = head.coded() ? -1 : head.contentLength();
        Optional<String> fault = course.onHead(head.status(), head.location(), length);
        if (fault.isPresent()) {
            return new Step.Failed(fault.get());
        }
        if (course.isRedirected() && !(course.asked().keeps() && head.persistent())) {
            return complete(false); // its body would only be read to go on after it
        }
        inBody = true;
        body.begin(head, course.asked().toHead(), course.judged());
        return Step.WAIT;
    }

    /** @param clean whether the framing told the end exactly, and nothing came after it */
    private Step complete(boolean clean) {
        Optional<String> fault = course.onBody();
        if (fault.isPresent()) {
            return new Step.Failed(fault.get());
        }
        boolean kept = clean && course.asked().keeps() && head.persistent();
        if (!course.advance()) {
            return kept ? PASSED_REUSABLE : Step.PASSED;
        }
        onKept = kept;
        return kept ? send() : reconnect();
    }

    private Step reconnect() {
        head.reset();
        inBody = false;
        return new Step.Reconnect();
    }

    @Override
    public Step onEnd() {
        if (inBody) {
            return body.endsByClose() ? complete(false) : new Step.Failed("connection closed within the body");
        }
        if (head.begun()) {
            return new Step.Failed("connection closed within the response header");
        }
        // A server may close an idle connection at any time (RFC 9112, section 9.5)
        return onKept ? reconnect() : new Step.Failed("connection closed before a response");
    }

    @Override
    public String awaited() {
        if (inBody) {
            return "body";
        }
        return head.begun() ? "header" : "first byte";
    }
}
