package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.ProbeConfig;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/**
 * The client of HAProxy's agent-check ({@code agent-check} in section 5.2 of its configuration manual): one line of
 * words, divided by spaces, tabs or commas, in any order. A percentage is of the configured weight; {@code ready},
 * {@code drain} and {@code maint} are the administrative state, {@code up} and {@code down}, {@code failed},
 * {@code stopped} the operating state, of each of which the last counts; text after a sharp is for people. HAProxy
 * keeps what an answer does not mention, here each answer stands for itself.
 */
public final class AgentDialogue implements Dialogue {
    private static final int LINE_BYTES_MAX = 4 * 1024;
    private static final int TEXT_CHARS_MAX = 60;
    private static final int PERCENT_MAX = 25_600; // HAProxy's bound
    private static final Step MEANS_NOTHING = new Step.Failed("agent's answer means nothing");

    private final byte[] send;
    private byte[] line = new byte[128];
    private int length;

    public AgentDialogue(ProbeConfig.Agent agent) {
        this.send = agent.send().getBytes(UTF_8);
    }

    @Override
    public Step begin() {
        return send.length == 0 ? Step.WAIT : new Step.Send(send);
    }

    @Override
    public Step on(ByteBuffer data) {
        Step step = read(data);
        data.position(data.limit());
        return step;
    }

    private Step read(ByteBuffer data) {
        while (data.hasRemaining()) {
            byte b = data.get();
            if (b == '\n' || b == '\r') {
                return judge();
            }
            if (length == LINE_BYTES_MAX) {
                return new Step.Failed("agent's answer is longer than 4 KiB");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, 2 * length);
            }
            line[length++] = b;
        }
        return Step.WAIT;
    }

    @Override
    public Step onEnd() {
        return length == 0 ? new Step.Failed("connection closed before an answer") : judge();
    }

    private Step judge() {
        int sharp = 0;
        while (sharp < length && line[sharp] != '#') {
            sharp++;
        }
        String text = sharp == length ? "" : new String(line, sharp + 1, length - sharp - 1, UTF_8).strip();
        String[] words = new String(line, 0, sharp, ISO_8859_1).toLowerCase(Locale.ROOT).split("[ \t,]+");
        boolean meant = false;
        String down = "";
        Advice admin = Advice.NONE;
        Advice share = Advice.NONE;
        for (String word : words) {
            switch (word) {
                case "" -> {
                    continue; // before a delimiter at the line's start
                }
                case "up" -> down = "";
                case "down", "fail", "failed", "stopped" -> down = word;
                case "ready" -> admin = Advice.NONE;
                case "drain" -> admin = Advice.DRAIN;
                case "maint" -> admin = Advice.MAINTENANCE;
                default -> {
                    int percent = word.endsWith("%") ? number(word, 0, word.length() - 1) : -1;
                    if (percent >= 0 && percent <= PERCENT_MAX) {
                        share = Advice.percent(percent);
                    } else if (!word.startsWith("maxconn:") || number(word, 8, word.length()) < 0) {
                        return MEANS_NOTHING;
                    }
                }
            }
            meant = true;
        }
        if (!meant) {
            return MEANS_NOTHING;
        }
        if (!down.isEmpty()) {
            String why = text.isEmpty() ? "" : ": " + ShownText.of(text, TEXT_CHARS_MAX);
            return new Step.Failed("agent says " + down + why);
        }
        Advice advice = admin.equals(Advice.NONE) ? share : admin;
        return advice.equals(Advice.NONE) ? Step.PASSED : new Step.Passed(advice, "", false);
    }

    /** -1 if it is none, or has more than eight digits. */
    private static int number(String text, int from, int to) {
        if (from == to || to - from > 8) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
            number = 10 * number + text.charAt(i) - '0';
        }
        return number;
    }

    @Override
    public String awaited() {
        return length == 0 ? "first byte" : "answer";
    }
}
