package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * A dialogue with a server that knows its lines: it says the next one when the connection is there, and after each
 * thing that it was sent. Lines are characters of ISO 8859-1; {@link #CLOSE} at the end of one closes the connection.
 */
final class Talk {
    static final String CLOSE = "\uffff";
    private static final int STEPS_MAX = 100_000;

    /**
     * How it ended.
     *
     * @param end  {@code passed}, {@code passed, reusable}, {@code passed, 75%}, a reason, {@code waits for header}
     * @param sent what was sent, with {@code reconnect} and {@code starttls} in between
     */
    record Outcome(String end, List<String> sent) {}

    private final Dialogue dialogue;
    private final List<String> lines;
    private final IntUnaryOperator pieces;
    private final List<String> sent = new ArrayList<>();
    private byte[] unread = new byte[0];
    private int read;
    private boolean closes;
    private int next;

    private Talk(Dialogue dialogue, List<String> lines, IntUnaryOperator pieces) {
        this.dialogue = dialogue;
        this.lines = lines;
        this.pieces = pieces;
    }

    /** In one piece, byte by byte, and in random pieces: always the same outcome, which is returned. */
    static Outcome inAnyPieces(Supplier<? extends Dialogue> dialogues, String... lines) {
        Outcome whole = whole(dialogues.get(), lines);
        assertEquals(whole, new Talk(dialogues.get(), List.of(lines), _ -> 1).run(), "byte by byte");
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            IntUnaryOperator pieces = left -> 1 + random.nextInt(Math.min(left, 40));
            assertEquals(whole, new Talk(dialogues.get(), List.of(lines), pieces).run(), "pieces of seed " + seed);
        }
        return whole;
    }

    static Outcome whole(Dialogue dialogue, String... lines) {
        return new Talk(dialogue, List.of(lines), left -> left).run();
    }

    static String end(Supplier<? extends Dialogue> dialogues, String... lines) {
        return inAnyPieces(dialogues, lines).end();
    }

    private Outcome run() {
        Step step = begin();
        for (int i = 0; i < STEPS_MAX; i++) {
            switch (step) {
                case Step.Passed passed -> {
                    return new Outcome(text(passed), sent);
                }
                case Step.Failed failed -> {
                    return new Outcome(failed.reason(), sent);
                }
                case Step.Send send -> {
                    sent.add(new String(send.data(), ISO_8859_1));
                    say();
                    step = Step.WAIT;
                }
                case Step.StartTls _ -> {
                    sent.add("starttls");
                    step = read < unread.length ? feed() : dialogue.onSecured();
                }
                case Step.Reconnect _ -> {
                    sent.add("reconnect");
                    step = begin();
                }
                case Step.Wait _ -> {
                    if (read < unread.length) {
                        step = feed();
                    } else if (closes) {
                        closes = false;
                        step = dialogue.onEnd();
                    } else {
                        return new Outcome("waits for " + dialogue.awaited(), sent);
                    }
                }
            }
        }
        throw new AssertionError("goes on and on: " + sent);
    }

    private Step begin() {
        read = unread.length;
        Step step = dialogue.begin();
        if (step instanceof Step.Wait) {
            say();
        }
        return step;
    }

    private Step feed() {
        int count = pieces.applyAsInt(unread.length - read);
        ByteBuffer piece = count % 2 == 0
                ? ByteBuffer.wrap(unread, read, count).slice()
                : ByteBuffer.allocateDirect(count).put(unread, read, count).flip();
        read += count;
        Step step = dialogue.on(piece);
        assertFalse(piece.hasRemaining(), "all is taken");
        return step;
    }

    private void say() {
        if (next < lines.size()) {
            String line = lines.get(next++);
            closes = line.endsWith(CLOSE);
            String text = closes ? line.substring(0, line.length() - 1) : line;
            String left = new String(unread, read, unread.length - read, ISO_8859_1);
            unread = (left + text).getBytes(ISO_8859_1);
            read = 0;
        }
    }

    private static String text(Step.Passed passed) {
        String advice = passed.advice().text();
        return "passed" + (advice.isEmpty() ? "" : ", " + advice) + (passed.reusable() ? ", reusable" : "");
    }
}
