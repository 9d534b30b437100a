package dev.vipd.healthcheck;

import java.util.List;
import java.util.Optional;

/**
 * One request of an {@code http} check, and what its response must be.
 *
 * @param method       {@code GET}, {@code HEAD}, …
 * @param path         request target, begins with a slash
 * @param virtualHost  {@code virtualhost}: value of the Host header; empty: the target's address and port
 * @param headers      further header lines, in order
 * @param body         of the request, UTF-8; empty: none
 * @param statuses     ranges of passing status codes; keepalived's default is 200-299
 * @param bodyRules    what must hold of the response's body, all of them; none: it is not kept
 * @param redirectsMax {@code redirects}: how many are followed, on the same server; 0: a redirect is a status like
 *                     another
 */
public record HttpRequest(
        String method,
        String path,
        Optional<String> virtualHost,
        List<Header> headers,
        String body,
        List<StatusRange> statuses,
        List<BodyRule> bodyRules,
        int redirectsMax) {
    public HttpRequest {
        headers = List.copyOf(headers);
        statuses = List.copyOf(statuses);
        bodyRules = List.copyOf(bodyRules);
    }

    /** One header line. */
    public record Header(String name, String value) {}

    /** Status codes {@code first}..{@code last}, both included, each 100..599. */
    public record StatusRange(int first, int last) {
        public boolean contains(int status) {
            return status >= first && status <= last;
        }

        /** As it is written: {@code 200-299}, {@code 404}. */
        @Override
        public String toString() {
            return first == last ? "" + first : first + "-" + last;
        }
    }

    /** Something that must hold of a response's body. */
    public sealed interface BodyRule {
        /**
         * {@code regex}, {@code regex_no_match}: whether a match is somewhere in the body, read as UTF-8.
         *
         * @param pattern of {@link java.util.regex.Pattern}
         * @param wanted  whether there must be one, or must be none
         */
        record Regex(String pattern, boolean wanted) implements BodyRule {}

        /**
         * {@code digest}: hash of the body.
         *
         * @param algorithm name for {@link java.security.MessageDigest}: MD5 (what keepalived has), SHA-1, SHA-256
         * @param hex       in lower case
         */
        record Digest(String algorithm, String hex) implements BodyRule {}

        /**
         * {@code json}: a value in the body by RFC 6901 pointer.
         *
         * @param pointer {@code /status/db}; empty: the whole body
         * @param value   what must stand there: text, or a number, true, false, null as JSON writes them; empty:
         *                anything
         */
        record Json(String pointer, Optional<String> value) implements BodyRule {}
    }
}
