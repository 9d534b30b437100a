package dev.vipd.healthcheck.dialogue;

import dev.vipd.healthcheck.HttpRequest.BodyRule;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rules for the body of one request's responses, made ready once for all probes. Immutable: {@link #newBody} gives
 * what takes in one body.
 */
public final class BodyRules {
    /** Bytes of a body that are kept for a regular expression or a JSON pointer. */
    public static final int KEPT_BYTES_MAX = 1 << 20;

    /** Why a body above {@link #KEPT_BYTES_MAX} fails. */
    public static final String TOO_LONG = "body longer than 1 MiB";

    /** A rule made ready. */
    sealed interface Ready {
        /** For regular expressions. */
        record Regex(Pattern pattern, boolean wanted) implements Ready {}

        /** For hashes. */
        record Digest(String algorithm, String hex) implements Ready {}

        /** For JSON. */
        record Json(JsonPointer pointer, Optional<String> value) implements Ready {}
    }

    private final List<Ready> rules;
    private final boolean keeps;

    private BodyRules(List<Ready> rules) {
        this.rules = rules;
        this.keeps = rules.stream().anyMatch(rule -> !(rule instanceof Ready.Digest));
    }

    /** @throws IllegalArgumentException if {@link #problem} has something to say about one of them */
    public static BodyRules of(List<BodyRule> rules) {
        return new BodyRules(rules.stream().map(BodyRules::ready).toList());
    }

    private static Ready ready(BodyRule rule) {
        problem(rule).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        return switch (rule) {
            case BodyRule.Regex regex -> new Ready.Regex(Patterns.of(regex.pattern()), regex.wanted());
            case BodyRule.Digest digest -> new Ready.Digest(digest.algorithm(), digest.hex());
            case BodyRule.Json json -> new Ready.Json(JsonPointer.of(json.pointer()), json.value());
        };
    }

    /** What is wrong with a rule as it is configured, for people; empty if nothing is. */
    public static Optional<String> problem(BodyRule rule) {
        return switch (rule) {
            case BodyRule.Regex regex -> Patterns.problem(regex.pattern());
            case BodyRule.Digest digest -> problem(digest);
            case BodyRule.Json json -> JsonPointer.problem(json.pointer());
        };
    }

    private static Optional<String> problem(BodyRule.Digest digest) {
        int digits;
        try {
            digits = 2 * MessageDigest.getInstance(digest.algorithm()).getDigestLength();
        } catch (NoSuchAlgorithmException _) {
            return Optional.of("there is no digest " + digest.algorithm() + ", use MD5, SHA-1 or SHA-256");
        }
        String hex = digest.hex();
        for (int i = 0; i < hex.length(); i++) {
            if ("0123456789abcdef".indexOf(hex.charAt(i)) < 0) {
                return Optional.of("no hexadecimal digit in lower case at index " + i);
            }
        }
        return hex.length() == digits
                ? Optional.empty()
                : Optional.of("has " + hex.length() + " digits, " + digest.algorithm() + " has " + digits);
    }

    /** Whether there is no rule, so that the body is of no interest. */
    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Whether a body of so many bytes is too long to be judged. */
    public boolean tooLong(long bytes) {
        return keeps && bytes > KEPT_BYTES_MAX;
    }

    /** What takes in one body and judges it. */
    public ResponseBody newBody() {
        return new ResponseBody(this);
    }

    List<Ready> ready() {
        return rules;
    }

    boolean keeps() {
        return keeps;
    }
}
