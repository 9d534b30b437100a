package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One response's body on its way through {@link BodyRules}: kept up to {@link BodyRules#KEPT_BYTES_MAX} where a rule
 * needs it whole, only hashed where none does. Not thread-safe.
 */
public final class ResponseBody {
    private static final int REGEX_STEPS_MAX = 5_000_000;
    private static final int REASON_CHARS_MAX = 60;
    private static final int FIRST_BYTES = 1024;
    /** A number with more digits is compared as text: to read it as a number takes time by the square of them. */
    private static final int NUMBER_CHARS_MAX = 400;

    private final BodyRules rules;
    private final List<MessageDigest> digests = new ArrayList<>(1);
    private byte[] kept = new byte[0];
    private int length;

    ResponseBody(BodyRules rules) {
        this.rules = rules;
        for (BodyRules.Ready rule : rules.ready()) {
            if (rule instanceof BodyRules.Ready.Digest digest) {
                digests.add(digestOf(digest.algorithm()));
            }
        }
    }

    private static MessageDigest digestOf(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("was there when the rules were made", e);
        }
    }

    /**
     * Takes {@code count} bytes from the buffer.
     *
     * @return whether the body is still short enough; if not, it fails with {@link BodyRules#TOO_LONG}
     */
    public boolean add(ByteBuffer data, int count) {
        int from = data.position();
        for (MessageDigest digest : digests) {
            digest.update(data.slice(from, count));
        }
        if (!rules.keeps()) {
            data.position(from + count);
            return true;
        }
        if (rules.tooLong((long) length + count)) {
            return false;
        }
        if (length + count > kept.length) {
            int room = Math.max(Math.max(FIRST_BYTES, length + count), 2 * kept.length);
            kept = Arrays.copyOf(kept, Math.min(room, BodyRules.KEPT_BYTES_MAX));
        }
        data.get(kept, length, count);
        length += count;
        return true;
    }

    /** The body is complete, and asked for once: why it fails; empty if all rules hold. */
    public Optional<String> fault() {
        String text = null;
        int digest = 0;
        for (BodyRules.Ready rule : rules.ready()) {
            Optional<String> fault;
            switch (rule) {
                case BodyRules.Ready.Regex regex -> {
                    text = text == null ? new String(kept, 0, length, UTF_8) : text;
                    fault = fault(regex, text);
                }
                case BodyRules.Ready.Digest wanted -> fault = fault(wanted, digests.get(digest++).digest());
                case BodyRules.Ready.Json json -> fault = fault(json);
            }
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> fault(BodyRules.Ready.Regex regex, String text) {
        return switch (new BoundedText(text, REGEX_STEPS_MAX).find(regex.pattern())) {
            case MATCH -> regex.wanted() ? Optional.empty() : Optional.of("regex_no_match matched the body");
            case NONE -> regex.wanted() ? Optional.of("regex did not match the body") : Optional.empty();
            case TOO_MANY_STEPS -> Optional.of(BoundedText.TOO_MANY_STEPS);
        };
    }

    private static Optional<String> fault(BodyRules.Ready.Digest wanted, byte[] digest) {
        return wanted.hex().equals(HexFormat.of().formatHex(digest))
                ? Optional.empty()
                : Optional.of(wanted.algorithm().toLowerCase(Locale.ROOT) + " of the body differs");
    }

    private Optional<String> fault(BodyRules.Ready.Json rule) {
        String at = "json" + (rule.pointer().text().isEmpty() ? "" : " " + rule.pointer().text());
        return switch (JsonReader.find(kept, length, rule.pointer())) {
            case JsonFound.NotJson _ -> Optional.of("body is not json");
            case JsonFound.NotThere _ -> Optional.of(ShownText.of(at + " is not there", REASON_CHARS_MAX));
            case JsonFound.Text text when rule.value().filter(value -> !value.equals(text.value())).isEmpty() ->
                    Optional.empty();
            case JsonFound.Text text -> Optional.of(differs(at, "\"" + text.value() + "\"", rule.value().get()));
            case JsonFound.Literal literal
                when rule.value().filter(value -> !isSame(literal.written(), value)).isEmpty() -> Optional.empty();
            case JsonFound.Literal literal -> Optional.of(differs(at, literal.written(), rule.value().get()));
            case JsonFound.Structure _ when rule.value().isEmpty() -> Optional.empty();
            case JsonFound.Structure structure ->
                    Optional.of(differs(at, structure.array() ? "an array" : "an object", rule.value().get()));
        };
    }

    private static String differs(String at, String is, String wanted) {
        String want = isLiteral(wanted) ? wanted : "\"" + wanted + "\"";
        return ShownText.of(at + " is " + is + ", want " + want, REASON_CHARS_MAX);
    }

    private static boolean isLiteral(String text) {
        return List.of("true", "false", "null").contains(text) || number(text).isPresent();
    }

    /** Numbers are the same by value: 1.0 and 1, 1e2 and 100. */
    private static boolean isSame(String written, String wanted) {
        if (written.equals(wanted)) {
            return true;
        }
        Optional<BigDecimal> is = number(written);
        Optional<BigDecimal> want = number(wanted);
        return is.isPresent() && want.isPresent() && is.get().compareTo(want.get()) == 0;
    }

    private static Optional<BigDecimal> number(String text) {
        if (text.length() > NUMBER_CHARS_MAX) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
