package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vipd.healthcheck.ProbeConfig;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * {@code send} and {@code expect} of a tcp check. It passes as soon as what came so far matches: a server that keeps
 * the connection open never says that its answer is complete.
 */
public final class ExchangeDialogue implements Dialogue {
    private static final int ANSWER_BYTES_MAX = 16 * 1024;
    /** For all pieces together; a simple expression takes about one step for each byte of what came so far. */
    private static final int REGEX_STEPS_MAX = 20_000_000;

    private static final Step DID_NOT_MATCH = new Step.Failed("answer did not match");

    private final Step first;
    private final Optional<Pattern> expected;
    private final StringBuilder answer = new StringBuilder();
    private final BoundedText text = new BoundedText(answer, REGEX_STEPS_MAX);

    /** @throws IllegalArgumentException if {@link #problem} has something to say about its regular expression */
    public ExchangeDialogue(ProbeConfig.Exchange exchange) {
        this(first(exchange.send()), exchange.expect().map(Patterns::of));
    }

    private ExchangeDialogue(Step first, Optional<Pattern> expected) {
        this.first = first;
        this.expected = expected;
    }

    private static Step first(String send) {
        return send.isEmpty() ? Step.WAIT : new Step.Send(send.getBytes(ISO_8859_1));
    }

    /** Dialogues of one check, which share what can be made beforehand. */
    public static Supplier<Dialogue> scripts(ProbeConfig.Exchange exchange) {
        Step first = first(exchange.send());
        Optional<Pattern> expected = exchange.expect().map(Patterns::of);
        return () -> new ExchangeDialogue(first, expected);
    }

    /** What is wrong with it as it is configured, for people; empty if nothing is. */
    public static Optional<String> problem(ProbeConfig.Exchange exchange) {
        for (int i = 0; i < exchange.send().length(); i++) {
            if (exchange.send().charAt(i) > 0xff) {
                return Optional.of("send has a character that is no single byte at index " + i + ", write its bytes");
            }
        }
        return exchange.expect().flatMap(Patterns::problem).map(problem -> "expect: " + problem);
    }

    @Override
    public Step begin() {
        return first;
    }

    @Override
    public Step on(ByteBuffer data) {
        while (data.hasRemaining() && answer.length() < ANSWER_BYTES_MAX) {
            answer.append((char) (data.get() & 0xff));
        }
        data.position(data.limit());
        if (answer.isEmpty()) {
            return Step.WAIT;
        }
        return expected.isEmpty() ? Step.PASSED : judge(expected.get());
    }

    private Step judge(Pattern pattern) {
        return switch (text.find(pattern)) {
            case MATCH -> Step.PASSED;
            case NONE -> answer.length() < ANSWER_BYTES_MAX ? Step.WAIT : DID_NOT_MATCH;
            case TOO_MANY_STEPS -> new Step.Failed(BoundedText.TOO_MANY_STEPS);
        };
    }

    @Override
    public Step onEnd() {
        return answer.isEmpty() ? new Step.Failed("connection closed before an answer") : DID_NOT_MATCH;
    }

    @Override
    public String awaited() {
        return answer.isEmpty() ? "first byte" : "answer";
    }
}
