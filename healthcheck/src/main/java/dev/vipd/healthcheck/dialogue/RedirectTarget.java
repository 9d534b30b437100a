package dev.vipd.healthcheck.dialogue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a Location leads, by RFC 3986, section 5.
 *
 * @param host value for the Host header; empty: it stays
 * @param path path and query
 */
record RedirectTarget(Optional<String> host, String path) {
    static final String OTHER_SCHEME = "redirected to another scheme";
    static final String MALFORMED = "malformed location";

    private static final int CHARS_MAX = 8 * 1024;

    /** Why a Location is not followed, or where it leads. */
    sealed interface Resolved {
        /** To there. */
        record To(RedirectTarget target) implements Resolved {}

        /** Nowhere. */
        record Not(String reason) implements Resolved {}
    }

    /**
     * @param location value of the header, characters of ISO 8859-1
     * @param scheme   of this check, {@code http} or {@code https}: TLS is not taken up or given up on the way
     * @param path     path and query that were asked for
     */
    static Resolved resolve(String location, String scheme, String path) {
        String rest = location;
        int hash = rest.indexOf('#');
        if (hash >= 0) {
            rest = rest.substring(0, hash);
        }
        int colon = schemeEnd(rest);
        if (colon > 0) {
            if (!rest.substring(0, colon).toLowerCase(Locale.ROOT).equals(scheme)) {
                return new Resolved.Not(OTHER_SCHEME);
            }
            rest = rest.substring(colon + 1);
            if (!rest.startsWith("//")) {
                return new Resolved.Not(MALFORMED);
            }
        }
        Optional<String> host = Optional.empty();
        if (rest.startsWith("//")) {
            int end = 2;
            while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != '?') {
                end++;
            }
            String authority = rest.substring(2, end);
            authority = authority.substring(authority.lastIndexOf('@') + 1);
            if (authority.isEmpty() || !authority.chars().allMatch(RedirectTarget::isOfHost)) {
                return new Resolved.Not(MALFORMED);
            }
            host = Optional.of(authority);
            rest = rest.startsWith("/", end) ? rest.substring(end) : "/" + rest.substring(end);
        }
        String to = encoded(withoutDots(merged(rest, path)));
        return to.length() > CHARS_MAX
                ? new Resolved.Not(MALFORMED)
                : new Resolved.To(new RedirectTarget(host, to));
    }

    /** Index of the colon after a scheme; -1: it begins with none. */
    private static int schemeEnd(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                return i;
            }
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && (i == 0 || !(c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'))) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isOfHost(int c) {
        return c > ' ' && c < 0x7f && "\"<>\\^`{|}".indexOf(c) < 0;
    }

    private static String merged(String reference, String base) {
        if (reference.startsWith("/")) {
            return reference;
        }
        int query = base.indexOf('?');
        String basePath = query < 0 ? base : base.substring(0, query);
        if (reference.isEmpty()) {
            return base;
        }
        return reference.startsWith("?")
                ? basePath + reference
                : basePath.substring(0, basePath.lastIndexOf('/') + 1) + reference;
    }

    /** RFC 3986, section 5.2.4, for a path that begins with a slash. */
    private static String withoutDots(String text) {
        int query = text.indexOf('?');
        String path = query < 0 ? text : text.substring(0, query);
        if (!path.contains("/.")) {
            return text;
        }
        Deque<String> segments = new ArrayDeque<>();
        String[] parts = path.split("/", -1);
        for (int i = 1; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (parts[i].equals("..")) {
                segments.pollLast();
            } else if (!parts[i].equals(".")) {
                segments.addLast(parts[i]);
                continue;
            }
            if (last) {
                segments.addLast("");
            }
        }
        StringBuilder joined = new StringBuilder(text.length());
        for (String segment : segments) {
            joined.append('/').append(segment);
        }
        return joined.append(query < 0 ? "" : text.substring(query)).toString();
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c < 0x7f) {
                encoded.append(c);
            } else {
                encoded.append('%').append("0123456789ABCDEF".charAt(c >> 4 & 15))
                        .append("0123456789ABCDEF".charAt(c & 15));
            }
        }
        return encoded.toString();
    }
}
