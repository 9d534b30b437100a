package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vipd.healthcheck.HttpRequest.Header;
import dev.vipd.healthcheck.ProbeConfig;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/**
 * One call of {@code grpc.health.v1.Health/Check}: SERVING passes. The call is gRPC's over HTTP/2; request and reply
 * have one field each, so that they are written and read here by hand (protobuf's wire format).
 */
public final class GrpcDialogue implements CallDialogue {
    private static final String PATH = "/grpc.health.v1.Health/Check";
    private static final String CONTENT_TYPE = "application/grpc";
    private static final int REPLY_BYTES_MAX = 4 * 1024;
    private static final int PREFIX_BYTES = 5; // a flag for compression, and the length
    private static final int MESSAGE_CHARS_MAX = 60;
    private static final int SERVICE_TAG = 1 << 3 | 2; // field 1, with a length
    private static final int SERVING = 1;
    private static final long MALFORMED = -1;

    private static final List<String> STATUSES = List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");

    /** By number, as in grpc/status.h. */
    private static final List<String> ERRORS = List.of(
            "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
            "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
            "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED");

    private final Next.Call call;
    private final ByteArrayOutputStream reply = new ByteArrayOutputStream(PREFIX_BYTES + 2);
    private boolean inBody;

    public GrpcDialogue(ProbeConfig.Grpc config) {
        this.call = new Next.Call(
                List.of(
                        new Header(":method", "POST"),
                        new Header(":scheme", config.tls().isPresent() ? "https" : "http"),
                        new Header(":authority", config.authority()
                                .orElseGet(() -> HttpScript.withoutZone(config.route().text()))),
                        new Header(":path", PATH),
                        new Header("te", "trailers"),
                        new Header("content-type", CONTENT_TYPE),
                        new Header("user-agent", "vipd")),
                request(config.service()));
    }

    private static byte[] request(String service) {
        byte[] name = service.getBytes(UTF_8);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        if (name.length > 0) { // an empty one is the default, which is not sent
            message.write(SERVICE_TAG);
            int length = name.length;
            for (; length > 0x7f; length >>>= 7) {
                message.write(length & 0x7f | 0x80);
            }
            message.write(length);
            message.writeBytes(name);
        }
        return ByteBuffer.allocate(PREFIX_BYTES + message.size())
                .put((byte) 0).putInt(message.size()).put(message.toByteArray()).array();
    }

    @Override
    public Next.Call call() {
        return call;
    }

    @Override
    public Next onFields(List<Header> fields, boolean end) {
        if (inBody) {
            return end ? judge(fields) : new Next.Failed("malformed response");
        }
        int status = CallDialogue.status(fields);
        if (status < 100 || status < 200 && end) {
            return new Next.Failed("malformed response");
        }
        if (status < 200) {
            return Next.WAIT;
        }
        if (status != 200) {
            return new Next.Failed("status " + status + ", want 200");
        }
        String type = CallDialogue.value(fields, "content-type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(CONTENT_TYPE)) {
            return new Next.Failed("response is not grpc");
        }
        inBody = true;
        return end ? judge(fields) : Next.WAIT;
    }

    @Override
    public Next onData(ByteBuffer data, boolean end) {
        if (!inBody) {
            return new Next.Failed("malformed response");
        }
        if (reply.size() + data.remaining() > REPLY_BYTES_MAX) {
            return new Next.Failed("reply longer than 4 KiB");
        }
        while (data.hasRemaining()) {
            reply.write(data.get());
        }
        return end ? new Next.Failed("no grpc-status") : Next.WAIT;
    }

    private Next judge(List<Header> trailer) {
        String code = CallDialogue.value(trailer, "grpc-status");
        if (code == null) {
            return new Next.Failed("no grpc-status");
        }
        if (!code.equals("0")) {
            return new Next.Failed("grpc error " + name(code) + message(trailer));
        }
        byte[] bytes = reply.toByteArray();
        if (bytes.length > 0 && bytes[0] != 0) {
            return new Next.Failed("compressed reply");
        }
        if (bytes.length < PREFIX_BYTES || ByteBuffer.wrap(bytes).getInt(1) != bytes.length - PREFIX_BYTES) {
            return new Next.Failed("malformed reply");
        }
        long status = status(ByteBuffer.wrap(bytes, PREFIX_BYTES, bytes.length - PREFIX_BYTES));
        if (status == SERVING) {
            return Next.PASSED;
        }
        if (status == MALFORMED) {
            return new Next.Failed("malformed reply");
        }
        return new Next.Failed("grpc status " + (status >= 0 && status < STATUSES.size()
                ? STATUSES.get((int) status)
                : "" + status));
    }

    private static String name(String code) {
        for (int i = 0; i < ERRORS.size(); i++) {
            if (code.equals("" + i)) {
                return code + " (" + ERRORS.get(i) + ")";
            }
        }
        return ShownText.of(code, MESSAGE_CHARS_MAX);
    }

    /** grpc-message is UTF-8 with percent signs for what is not printable ASCII. */
    private static String message(List<Header> trailer) {
        String encoded = CallDialogue.value(trailer, "grpc-message");
        if (encoded == null || encoded.isEmpty()) {
            return "";
        }
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        byte[] bytes = encoded.getBytes(ISO_8859_1);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low >= 0) {
                decoded.write(high << 4 | low);
                i += 2;
            } else {
                decoded.write(bytes[i]);
            }
        }
        return ": " + ShownText.of(decoded.toString(UTF_8), MESSAGE_CHARS_MAX);
    }

    /** Field 1 of a message, 0 if it is not there; others are skipped. */
    private static long status(ByteBuffer message) {
        long status = 0;
        while (message.hasRemaining()) {
            long tag = varint(message);
            long value = 0;
            long skipped = 0;
            switch ((int) tag & 7) {
                case 0 -> value = varint(message);
                case 1 -> skipped = 8;
                case 2 -> skipped = varint(message);
                case 5 -> skipped = 4;
                default -> skipped = MALFORMED;
            }
            if (tag <= 0 || value < 0 || skipped < 0 || skipped > message.remaining()) {
                return MALFORMED;
            }
            message.position(message.position() + (int) skipped);
            if (tag == 1 << 3) {
                status = value;
            }
        }
        return status;
    }

    /** @return a number, or {@link #MALFORMED} */
    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift < 63 && from.hasRemaining(); shift += 7) {
            byte b = from.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        return MALFORMED;
    }

    @Override
    public String awaited() {
        return inBody ? "body" : "first byte";
    }
}
