package dev.vipd.healthcheck.dialogue;

import dev.vipd.healthcheck.dialogue.HttpScript.Asked;
import java.util.Optional;

/**
 * Where one probe is in the requests of its check, redirects among them, and how it judges the responses; the same for
 * every version of HTTP. Not thread-safe.
 */
final class HttpCourse {
    /** So much of a body that no rule is about is read. */
    static final int DROPPED_BYTES_MAX = 64 * 1024;

    private final HttpScript script;
    private int index;
    private Asked asked;
    private Asked redirected;
    private int redirects;
    private ResponseBody judged;

    HttpCourse(HttpScript script) {
        this.script = script;
        this.asked = script.get(0);
    }

    /** The request that is made now. */
    Asked asked() {
        return asked;
    }

    /**
     * The header of the response is there.
     *
     * @param location      of a redirect; null: none was said
     * @param contentLength -1: unknown
     * @return why the response fails; empty: its body is next
     */
    Optional<String> onHead(int status, String location, long contentLength) {
        redirected = null;
        judged = null;
        if (asked.request().redirectsMax() > 0 && isRedirect(status) && location != null) {
            return redirect(status, location);
        }
        BodyRules rules = asked.rules();
        if (!asked.wants(status)) {
            return Optional.of("status " + status + ", want " + asked.wanted());
        }
        if (!asked.toHead() && rules.tooLong(contentLength)) {
            return Optional.of(BodyRules.TOO_LONG);
        }
        judged = rules.isEmpty() ? null : rules.newBody();
        return Optional.empty();
    }

    private static boolean isRedirect(int status) {
        return status >= 301 && status <= 303 || status == 307 || status == 308;
    }

    private Optional<String> redirect(int status, String location) {
        int max = asked.request().redirectsMax();
        if (++redirects > max) {
            return Optional.of("more than " + max + (max == 1 ? " redirect" : " redirects"));
        }
        return switch (script.resolve(asked, location)) {
            case RedirectTarget.Resolved.Not not -> Optional.of(not.reason());
            case RedirectTarget.Resolved.To to -> {
                redirected = script.redirected(asked, status, to.target());
                yield Optional.empty();
            }
        };
    }

    /** Whether the response is a redirect that is followed, so that its body is of no interest. */
    boolean isRedirected() {
        return redirected != null;
    }

    /** Takes in the body; null: it is dropped. */
    ResponseBody judged() {
        return judged;
    }

    /** The body is there. @return why the response fails; empty: it passes */
    Optional<String> onBody() {
        return judged == null ? Optional.empty() : judged.fault();
    }

    /** After a response that passed. @return whether there is another request, {@link #asked()} from here on */
    boolean advance() {
        if (redirected != null) {
            asked = redirected;
            return true;
        }
        if (++index == script.size()) {
            return false;
        }
        asked = script.get(index);
        redirects = 0;
        return true;
    }
}
