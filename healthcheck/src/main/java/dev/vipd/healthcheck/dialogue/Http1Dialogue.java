package dev.vipd.healthcheck.dialogue;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.dialogue.HttpScript.Asked;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The requests of an {@code http} check over HTTP/1.0 or 1.1 (RFC 9112), one after the other, over one connection as
 * far as the responses allow it. The status decides with the end of the header. A body that no rule is about is read
 * and dropped, since to close on unread data would send the server a reset, but not for longer than 64 KiB.
 */
public final class Http1Dialogue implements Dialogue {
    private static final int DROPPED_BYTES_MAX = 64 * 1024;
    private static final Step PASSED_REUSABLE = new Step.Passed(Advice.NONE, "", true);

    private final HttpScript script;
    private final HttpHead head = new HttpHead();
    private final HttpBody body = new HttpBody();
    private int index;
    private Asked asked;
    private ResponseBody judged;
    private Asked redirected;
    private int redirects;
    private boolean inBody;
    private boolean onKept;

    /** @throws IllegalArgumentException if {@link BodyRules#problem} has something to say about one of its rules */
    public Http1Dialogue(ProbeConfig.Http config) {
        this(new HttpScript(config));
    }

    private Http1Dialogue(HttpScript script) {
        this.script = script;
        this.asked = script.get(0);
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
        return asked.send();
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
        if (judged == null) {
            long left = DROPPED_BYTES_MAX - body.received();
            data.limit((int) Math.min(end, data.position() + left)); // so that pieces make no difference
        }
        return switch (body.read(data)) {
            case MORE -> judged == null && body.received() == DROPPED_BYTES_MAX ? complete(false) : Step.WAIT;
            case FAULT -> new Step.Failed(body.fault());
            case DONE -> complete(data.position() == end);
        };
    }

    private Step judgeHead() {
        if (head.hasConflictingLengths()) {
            return new Step.Failed("conflicting content-length");
        }
        int status = head.status();
        BodyRules rules = asked.rules();
        if (asked.request().redirectsMax() > 0 && isRedirect(status) && head.location() != null) {
            Step step = redirect(status);
            if (step != Step.WAIT) {
                return step;
            }
        } else if (!asked.wants(status)) {
            return new Step.Failed("status " + status + ", want " + asked.wanted());
        } else if (!head.coded() && !asked.toHead() && rules.tooLong(head.contentLength())) {
            return new Step.Failed(BodyRules.TOO_LONG);
        }
        judged = redirected != null || rules.isEmpty() ? null : rules.newBody();
        inBody = true;
        body.begin(head, asked.toHead(), judged);
        return Step.WAIT;
    }

    private static boolean isRedirect(int status) {
        return status >= 301 && status <= 303 || status == 307 || status == 308;
    }

    private Step redirect(int status) {
        int max = asked.request().redirectsMax();
        if (++redirects > max) {
            return new Step.Failed("more than " + max + (max == 1 ? " redirect" : " redirects"));
        }
        return switch (script.resolve(asked, head.location())) {
            case RedirectTarget.Resolved.Not not -> new Step.Failed(not.reason());
            case RedirectTarget.Resolved.To to -> {
                boolean kept = asked.keeps() && head.persistent();
                redirected = script.redirected(asked, status, to.target());
                yield kept ? Step.WAIT : complete(false); // its body would only be read to go on after it
            }
        };
    }

    /** @param clean whether the framing told the end exactly, and nothing came after it */
    private Step complete(boolean clean) {
        if (judged != null) {
            Optional<String> fault = judged.fault();
            if (fault.isPresent()) {
                return new Step.Failed(fault.get());
            }
        }
        boolean kept = clean && asked.keeps() && head.persistent();
        if (redirected != null) {
            asked = redirected;
            redirected = null;
        } else if (++index < script.size()) {
            asked = script.get(index);
            redirects = 0;
        } else {
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
