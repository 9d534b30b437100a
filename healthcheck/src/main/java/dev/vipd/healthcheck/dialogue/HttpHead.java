package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads status line and header of a final response (RFC 9112, sections 2 to 5), over the interim ones before it. Of the
 * header only what frames the body or leads elsewhere is kept, so that a usual response costs no object.
 */
final class HttpHead {
    /** How far it came. */
    enum Progress {
        MORE,
        DONE,
        FAULT
    }

    /** Bytes of a status line, and of all header lines together. */
    private static final int PART_BYTES_MAX = 8 * 1024;

    private static final int UNDECIDED_BYTES_MAX = 16 * 1024;
    private static final int FETCHED_BYTES_MAX = 1024;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final long CONFLICTING = -2;
    private static final String START = "HTTP/1.";
    private static final int STATUS_AT = START.length() + 2;
    private static final int STATUS_END = STATUS_AT + 3;

    private byte[] line = new byte[256];
    private int length;
    private int partBytes;
    private int allBytes;
    private boolean inHeader;
    private boolean begun;
    private boolean foldable;
    private String fault = "";

    private int status;
    private boolean oldVersion;
    private long contentLength;
    private boolean coded;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    private String location;

    /** Makes ready for the next response. */
    void reset() {
        allBytes = 0;
        begun = false;
        resetResponse();
    }

    private void resetResponse() {
        length = 0;
        partBytes = 0;
        inHeader = false;
        contentLength = -1;
        coded = false;
        chunked = false;
        close = false;
        keepAlive = false;
        location = null;
    }

    /** Takes bytes up to the end of the final header. */
    Progress read(ByteBuffer data) {
        if (data.hasArray()) {
            return readHeap(data);
        }
        Progress progress = Progress.MORE;
        while (progress == Progress.MORE && data.hasRemaining()) {
            byte[] fetched = new byte[Math.min(data.remaining(), FETCHED_BYTES_MAX)];
            data.get(data.position(), fetched);
            ByteBuffer heap = ByteBuffer.wrap(fetched);
            progress = readHeap(heap);
            data.position(data.position() + heap.position());
        }
        return progress;
    }

    private Progress readHeap(ByteBuffer data) {
        while (data.hasRemaining()) {
            begun = true;
            int room = Math.min(UNDECIDED_BYTES_MAX - allBytes, PART_BYTES_MAX - partBytes);
            if (room == 0) {
                return fault(allBytes == UNDECIDED_BYTES_MAX
                        ? "no final status in the first 16 KiB"
                        : "response header longer than 8 KiB");
            }
            Progress progress = readLine(data, room);
            if (progress == Progress.DONE) {
                int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
                length = 0;
                progress = line(end);
            }
            if (progress == Progress.FAULT) {
                return fault("malformed response");
            }
            if (progress == Progress.DONE) {
                return progress;
            }
        }
        return Progress.MORE;
    }

    /** Takes bytes of one line, and looks at each in an array, which is quicker than in a buffer. */
    private Progress readLine(ByteBuffer heap, int room) {
        int count = Math.min(room, heap.remaining());
        byte[] bytes = heap.array();
        int start = heap.arrayOffset() + heap.position();
        int at = start;
        while (at < start + count && bytes[at] != '\n') {
            if (!append(bytes[at++])) {
                return Progress.FAULT;
            }
        }
        boolean ended = at < start + count;
        int taken = at - start + (ended ? 1 : 0);
        heap.position(heap.position() + taken);
        allBytes += taken;
        partBytes += taken;
        return ended ? Progress.DONE : Progress.MORE;
    }

    /** RFC 9112, section 2.2: a CR stands before a LF only. What is no HTTP is refused with its first bytes. */
    private boolean append(byte b) {
        int at = length;
        if (b == 0 || at > 0 && line[at - 1] == '\r') {
            return false;
        }
        if (!inHeader && at < START.length() && b != START.charAt(at) && (b != '\r' || at > 0)) {
            return false;
        }
        if (at == line.length) {
            line = Arrays.copyOf(line, 2 * at);
        }
        line[at] = b;
        length = at + 1;
        return true;
    }

    private Progress line(int end) {
        if (!inHeader) {
            if (end == 0) {
                partBytes = 0; // empty lines before a response do no harm
                return Progress.MORE;
            }
            return statusLine(end) ? Progress.MORE : Progress.FAULT;
        }
        if (end > 0) {
            return headerLine(end) ? Progress.MORE : Progress.FAULT;
        }
        if (isFinal()) {
            return Progress.DONE;
        }
        resetResponse();
        return Progress.MORE;
    }

    /** RFC 9110, section 15.2: interim responses come before the final one; 101 is final, nobody asked for it. */
    private boolean isFinal() {
        return status >= 200 || status == SWITCHING_PROTOCOLS;
    }

    private Progress fault(String reason) {
        fault = reason;
        return Progress.FAULT;
    }

    private boolean statusLine(int end) {
        if (end < STATUS_END || line[STATUS_AT - 1] != ' ' || end > STATUS_END && line[STATUS_END] != ' ') {
            return false;
        }
        status = 0;
        for (int i = STATUS_AT; i < STATUS_END; i++) {
            if (!isDigit(line[i])) {
                return false;
            }
            status = 10 * status + line[i] - '0';
        }
        byte minor = line[START.length()];
        oldVersion = minor == '0';
        inHeader = true;
        partBytes = 0;
        foldable = false;
        return isDigit(minor) && status >= 100;
    }

    private boolean headerLine(int end) {
        if (line[0] == ' ' || line[0] == '\t') {
            return foldable; // RFC 9112, section 5.2: folding is obsolete, and not believed where it would matter
        }
        int colon = 0;
        while (colon < end && line[colon] != ':') {
            if (line[colon] <= ' ' || line[colon] == 0x7f) {
                return false;
            }
            colon++;
        }
        if (colon == 0 || colon == end) {
            return false;
        }
        foldable = false;
        if (isName(colon, "content-length")) {
            return contentLength(colon + 1, end);
        } else if (isName(colon, "transfer-encoding")) {
            return transferEncoding(colon + 1, end);
        } else if (isName(colon, "connection")) {
            connection(colon + 1, end);
        } else if (isName(colon, "location")) {
            if (location == null) {
                location = new String(line, colon + 1, end - colon - 1, ISO_8859_1).strip();
            }
        } else {
            foldable = true;
        }
        return true;
    }

    private boolean isName(int colon, String name) {
        return colon == name.length() && isWord(0, colon, name);
    }

    /** @param word in lower case */
    private boolean isWord(int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            int c = line[i] >= 'A' && line[i] <= 'Z' ? line[i] + ('a' - 'A') : line[i];
            if (c != word.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    /** RFC 9112, section 6.3, item 5: the same number may come more than once. */
    private boolean contentLength(int from, int end) {
        for (int start = from; start <= end; ) {
            int comma = comma(start, end);
            int first = first(start, comma);
            int last = last(first, comma);
            if (first == last || last - first > 18) {
                return false;
            }
            long number = 0;
            for (int i = first; i < last; i++) {
                if (!isDigit(line[i])) {
                    return false;
                }
                number = 10 * number + line[i] - '0';
            }
            if (contentLength >= 0 && contentLength != number) {
                contentLength = CONFLICTING;
            } else if (contentLength != CONFLICTING) {
                contentLength = number;
            }
            start = comma + 1;
        }
        return true;
    }

    /** RFC 9112, section 6.1: chunked is the last coding, once. */
    private boolean transferEncoding(int from, int end) {
        for (int start = from; start <= end; ) {
            int comma = comma(start, end);
            int first = first(start, comma);
            int last = last(first, comma);
            if (first < last) {
                if (chunked) {
                    return false;
                }
                coded = true;
                chunked = isWord(first, last, "chunked");
            }
            start = comma + 1;
        }
        return true;
    }

    private void connection(int from, int end) {
        for (int start = from; start <= end; ) {
            int comma = comma(start, end);
            int first = first(start, comma);
            int last = last(first, comma);
            close |= isWord(first, last, "close");
            keepAlive |= isWord(first, last, "keep-alive");
            start = comma + 1;
        }
    }

    private int comma(int from, int end) {
        int i = from;
        while (i < end && line[i] != ',') {
            i++;
        }
        return i;
    }

    private int first(int from, int end) {
        int i = from;
        while (i < end && isBlank(line[i])) {
            i++;
        }
        return i;
    }

    private int last(int first, int end) {
        int i = end;
        while (i > first && isBlank(line[i - 1])) {
            i--;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Whether a byte of the response came. */
    boolean begun() {
        return begun;
    }

    String fault() {
        return fault;
    }

    int status() {
        return status;
    }

    /** Bytes of the body by Content-Length; negative: it has none. */
    long contentLength() {
        return contentLength;
    }

    boolean hasConflictingLengths() {
        return contentLength == CONFLICTING;
    }

    /** Whether there is a Transfer-Encoding, which goes before a Content-Length. */
    boolean coded() {
        return coded;
    }

    boolean chunked() {
        return chunked;
    }

    /**
     * Whether the server keeps the connection (RFC 9112, section 9.3). A length beside a coding, and a coding from
     * HTTP/1.0, are taken for faulty framing (section 6.1).
     */
    boolean persistent() {
        boolean kept = oldVersion ? keepAlive && !close : !close;
        return kept && status != SWITCHING_PROTOCOLS && !(coded && (oldVersion || contentLength >= 0));
    }

    /** Value of Location; null if there is none. */
    String location() {
        return location;
    }
}
