package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vipd.healthcheck.ProbeConfig;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A session with a mail server that delivers nothing (RFC 5321): greeting, EHLO, where wanted STARTTLS (RFC 3207) and
 * EHLO again, QUIT. Commands are not pipelined, so what comes after a reply was not asked for and fails.
 */
public final class SmtpDialogue implements Dialogue {
    private static final int LINE_BYTES_MAX = 2 * 1024;
    private static final int LINES_MAX = 100;
    private static final Step MALFORMED = new Step.Failed("malformed reply");
    private static final byte[] STARTTLS = "STARTTLS".getBytes(US_ASCII);

    /** Whose reply is awaited. */
    private enum Stage {
        GREETING("greeting"),
        EHLO("EHLO"),
        HELO("HELO"),
        STARTTLS("STARTTLS"),
        HANDSHAKE("TLS"),
        SECURED_EHLO("EHLO"),
        QUIT("QUIT");

        private final String word;

        Stage(String word) {
            this.word = word;
        }
    }

    private final String heloName;
    private final boolean startTls;
    private Stage stage = Stage.GREETING;
    private byte[] line = new byte[128];
    private int length;
    private int lines;
    private int code;
    private boolean offersTls;
    private boolean heard;

    public SmtpDialogue(ProbeConfig.Smtp smtp) {
        this.heloName = smtp.heloName();
        this.startTls = smtp.startTls().isPresent();
    }

    @Override
    public Step begin() {
        return Step.WAIT;
    }

    @Override
    public Step on(ByteBuffer data) {
        Step step = read(data);
        data.position(data.limit());
        return step;
    }

    private Step read(ByteBuffer data) {
        while (data.hasRemaining()) {
            heard = true;
            if (stage == Stage.HANDSHAKE) {
                return afterStartTls();
            }
            byte b = data.get();
            if (b != '\n') {
                if (length == LINE_BYTES_MAX) {
                    return new Step.Failed("reply line longer than 2 KiB");
                }
                if (length == line.length) {
                    line = Arrays.copyOf(line, 2 * length);
                }
                line[length++] = b;
                continue;
            }
            Step step = line();
            if (step != Step.WAIT) {
                if (data.hasRemaining() && !(step instanceof Step.Failed) && !(step instanceof Step.Passed)) {
                    return stage == Stage.HANDSHAKE ? afterStartTls() : new Step.Failed("reply before its command");
                }
                return step;
            }
        }
        return Step.WAIT;
    }

    /** Whoever is between could have put them there, to be taken for something that was said inside TLS. */
    private static Step afterStartTls() {
        return new Step.Failed("bytes in clear after STARTTLS");
    }

    /** RFC 5321, section 4.2.1: three digits, a hyphen in all lines but the last, text. */
    private Step line() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        length = 0;
        int number = end < 3 ? -1 : code();
        if (number < 0 || end > 3 && line[3] != ' ' && line[3] != '-' || lines > 0 && number != code) {
            return MALFORMED;
        }
        code = number;
        if (++lines > LINES_MAX) {
            return new Step.Failed("reply longer than 100 lines");
        }
        offersTls |= isStartTls(end);
        if (end > 3 && line[3] == '-') {
            return Step.WAIT;
        }
        lines = 0;
        return reply();
    }

    private int code() {
        int number = 0;
        for (int i = 0; i < 3; i++) {
            if (line[i] < '0' || line[i] > '9') {
                return -1;
            }
            number = 10 * number + line[i] - '0';
        }
        return number;
    }

    private boolean isStartTls(int end) {
        int to = end;
        while (to > 4 && line[to - 1] == ' ') {
            to--;
        }
        if (to != 4 + STARTTLS.length) {
            return false;
        }
        for (int i = 0; i < STARTTLS.length; i++) {
            if ((line[4 + i] & ~0x20) != STARTTLS[i]) {
                return false;
            }
        }
        return true;
    }

    private Step reply() {
        boolean refused = code >= 500 && code <= 599;
        return switch (stage) {
            case GREETING -> code == 220
                    ? command(Stage.EHLO, "EHLO " + heloName)
                    : new Step.Failed("greeting " + code + ", want 220");
            case EHLO -> {
                if (refused) {
                    yield command(Stage.HELO, "HELO " + heloName); // RFC 5321, section 3.2
                }
                yield code == 250 ? greeted() : unwanted(250);
            }
            case HELO -> code == 250 ? greeted() : unwanted(250);
            case STARTTLS -> {
                if (code != 220) {
                    yield unwanted(220);
                }
                stage = Stage.HANDSHAKE;
                yield new Step.StartTls();
            }
            case HANDSHAKE -> afterStartTls();
            case SECURED_EHLO -> code == 250 ? quit() : unwanted(250);
            case QUIT -> code == 221 ? Step.PASSED : unwanted(221);
        };
    }

    private Step greeted() {
        if (!startTls) {
            return quit();
        }
        return offersTls && stage == Stage.EHLO
                ? command(Stage.STARTTLS, "STARTTLS")
                : new Step.Failed("no STARTTLS offered");
    }

    private Step quit() {
        return command(Stage.QUIT, "QUIT");
    }

    private Step command(Stage next, String text) {
        stage = next;
        offersTls = false;
        return new Step.Send((text + "\r\n").getBytes(US_ASCII));
    }

    private Step unwanted(int wanted) {
        return new Step.Failed(stage.word + " answered " + code + ", want " + wanted);
    }

    /** RFC 3207, section 4.2: what was said before is forgotten. */
    @Override
    public Step onSecured() {
        return command(Stage.SECURED_EHLO, "EHLO " + heloName);
    }

    @Override
    public Step onEnd() {
        if (stage == Stage.QUIT && length == 0 && lines == 0) {
            return Step.PASSED; // the work is done, and some servers don't say goodbye
        }
        return new Step.Failed(stage == Stage.GREETING
                ? "connection closed before a greeting"
                : "connection closed before the answer to " + stage.word);
    }

    @Override
    public String awaited() {
        if (!heard) {
            return "first byte";
        }
        return stage == Stage.GREETING ? "greeting" : "answer to " + stage.word;
    }
}
