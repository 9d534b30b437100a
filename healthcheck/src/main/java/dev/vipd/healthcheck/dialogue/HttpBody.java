package dev.vipd.healthcheck.dialogue;

import dev.vipd.healthcheck.dialogue.HttpHead.Progress;
import java.nio.ByteBuffer;

/** Finds the end of a response's body (RFC 9112, section 6.3), and hands on what is inside. */
final class HttpBody {
    private static final int LINE_BYTES_MAX = 8 * 1024;
    /** Of all chunk extensions together. */
    private static final int EXTENSION_BYTES_MAX = 64 * 1024;

    private static final int SIZE_DIGITS_MAX = 15;

    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        CLOSE
    }

    /** Where in a chunked body (RFC 9112, section 7.1). */
    private enum Place {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER
    }

    private Framing framing = Framing.NONE;
    private Place place = Place.SIZE;
    private long left;
    private int sizeDigits;
    private int extensionBytes;
    private int trailerBytes;
    private int trailerLine;
    private long received;
    private String fault = "";
    private ResponseBody into;

    /**
     * Makes ready for the body that follows a header.
     *
     * @param into takes in what is inside; null: nobody does
     */
    void begin(HttpHead head, boolean toHead, ResponseBody into) {
        int status = head.status();
        if (toHead || status < 200 || status == 204 || status == 304) {
            framing = Framing.NONE;
        } else if (head.coded()) {
            framing = head.chunked() ? Framing.CHUNKED : Framing.CLOSE;
        } else {
            framing = head.contentLength() >= 0 ? Framing.LENGTH : Framing.CLOSE;
        }
        this.into = into;
        left = framing == Framing.LENGTH ? head.contentLength() : 0;
        place = Place.SIZE;
        sizeDigits = 0;
        extensionBytes = 0;
        trailerBytes = 0;
        trailerLine = 0;
        received = 0;
    }

    /** Takes bytes up to the body's end. */
    Progress read(ByteBuffer data) {
        int before = data.position();
        Progress progress = switch (framing) {
            case NONE -> Progress.DONE;
            case LENGTH -> inside(data) && left == 0 ? Progress.DONE : undecided();
            case CHUNKED -> readChunks(data);
            case CLOSE -> {
                left = data.remaining();
                inside(data);
                yield undecided();
            }
        };
        received += data.position() - before;
        return progress;
    }

    private Progress undecided() {
        return fault.isEmpty() ? Progress.MORE : Progress.FAULT;
    }

    private boolean inside(ByteBuffer data) {
        int count = (int) Math.min(left, data.remaining());
        left -= count;
        if (into == null) {
            data.position(data.position() + count);
        } else if (!into.add(data, count)) {
            fault = BodyRules.TOO_LONG;
            return false;
        }
        return true;
    }

    private Progress readChunks(ByteBuffer data) {
        while (data.hasRemaining()) {
            if (place == Place.DATA) {
                if (!inside(data)) {
                    return Progress.FAULT;
                }
                if (left == 0) {
                    place = Place.DATA_CR;
                }
            } else if (place == Place.TRAILER) {
                if (trailer(data.get())) {
                    return Progress.DONE;
                }
            } else {
                place = between(data.get());
            }
            if (place == null || trailerBytes > LINE_BYTES_MAX) {
                fault = "malformed chunk";
                return Progress.FAULT;
            }
        }
        return Progress.MORE;
    }

    /** A byte of what stands around the chunks' data; null if it has no place there. */
    private Place between(byte b) {
        return switch (place) {
            case SIZE -> size(b);
            case EXTENSION -> {
                if (++extensionBytes > EXTENSION_BYTES_MAX || b == '\n') {
                    yield null;
                }
                yield b == '\r' ? Place.SIZE_LF : Place.EXTENSION;
            }
            case SIZE_LF -> {
                if (b != '\n') {
                    yield null;
                }
                sizeDigits = 0;
                yield left == 0 ? Place.TRAILER : Place.DATA;
            }
            case DATA_CR -> b == '\r' ? Place.DATA_LF : null;
            case DATA_LF -> b == '\n' ? Place.SIZE : null;
            case DATA, TRAILER -> place;
        };
    }

    private Place size(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            left = 16 * left + digit;
            return ++sizeDigits > SIZE_DIGITS_MAX ? null : Place.SIZE;
        }
        if (sizeDigits == 0) {
            return null;
        }
        return switch (b) {
            case '\r' -> Place.SIZE_LF;
            case ';', ' ', '\t' -> Place.EXTENSION;
            default -> null;
        };
    }

    /** Trailer fields are skipped; whether this byte ends the empty line after them. */
    private boolean trailer(byte b) {
        trailerBytes++;
        if (b == '\n') {
            boolean empty = trailerLine == 0;
            trailerLine = 0;
            return empty;
        }
        if (b != '\r') {
            trailerLine++;
        }
        return false;
    }

    String fault() {
        return fault;
    }

    /** Whether the closing of the connection is the body's end. */
    boolean endsByClose() {
        return framing == Framing.CLOSE;
    }

    /** Bytes so far, with those around the chunks. */
    long received() {
        return received;
    }
}
