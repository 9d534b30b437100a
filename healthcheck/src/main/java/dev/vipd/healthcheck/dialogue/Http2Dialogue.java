package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.HttpRequest.Header;
import dev.vipd.healthcheck.ProbeConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The requests of an {@code http} check over HTTP/2, one after the other, judged as those over HTTP/1 are. */
public final class Http2Dialogue implements CallDialogue {
    /** Fields of HTTP/1's connections (RFC 9113, section 8.2.2); Host is said by :authority. */
    private static final Set<String> LEFT_OUT =
            Set.of("host", "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade");

    private static final int LENGTH_DIGITS_MAX = 18;

    private final HttpScript script;
    private final HttpCourse course;
    private boolean inBody;
    private long received;

    private Http2Dialogue(HttpScript script) {
        this.script = script;
        this.course = new HttpCourse(script);
    }

    /**
     * Dialogues of one check, which share what can be made beforehand.
     *
     * @throws IllegalArgumentException if {@link BodyRules#problem} has something to say about one of its rules
     */
    public static Supplier<CallDialogue> scripts(ProbeConfig.Http config) {
        HttpScript script = new HttpScript(config);
        return () -> new Http2Dialogue(script);
    }

    @Override
    public Next.Call call() {
        inBody = false;
        received = 0;
        HttpRequest request = course.asked().request();
        byte[] body = request.body().getBytes(UTF_8);
        List<Header> fields = new ArrayList<>();
        fields.add(new Header(":method", request.method()));
        fields.add(new Header(":scheme", script.scheme()));
        fields.add(new Header(":authority", authority(request)));
        fields.add(new Header(":path", request.path()));
        addDefault(fields, request, "user-agent", "vipd");
        addDefault(fields, request, "accept", "*/*");
        if (body.length > 0) {
            addDefault(fields, request, "content-length", "" + body.length);
        }
        for (Header header : request.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!LEFT_OUT.contains(name)) {
                fields.add(new Header(name, header.value()));
            }
        }
        return new Next.Call(fields, body);
    }

    private String authority(HttpRequest request) {
        return configured(request, "host").or(request::virtualHost).orElse(script.host());
    }

    private static void addDefault(List<Header> fields, HttpRequest request, String name, String value) {
        if (configured(request, name).isEmpty()) {
            fields.add(new Header(name, value));
        }
    }

    private static Optional<String> configured(HttpRequest request, String name) {
        return request.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst();
    }

    @Override
    public Next onFields(List<Header> fields, boolean end) {
        if (inBody) { // the trailer: nothing in it is asked for
            return end ? complete() : Next.WAIT;
        }
        int status = CallDialogue.status(fields);
        if (status < 100 || status < 200 && end) {
            return new Next.Failed("malformed response");
        }
        if (status < 200) {
            return Next.WAIT; // an interim response (RFC 9110, section 15.2)
        }
        Optional<String> fault =
                course.onHead(status, CallDialogue.value(fields, "location"), contentLength(fields));
        if (fault.isPresent()) {
            return new Next.Failed(fault.get());
        }
        inBody = true;
        return end || course.isRedirected() ? complete() : Next.WAIT;
    }

    private static long contentLength(List<Header> fields) {
        String text = CallDialogue.value(fields, "content-length");
        boolean number = text != null && !text.isEmpty() && text.length() <= LENGTH_DIGITS_MAX
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Long.parseLong(text) : -1;
    }

    @Override
    public Next onData(ByteBuffer data, boolean end) {
        if (!inBody) {
            return new Next.Failed("malformed response");
        }
        int count = data.remaining();
        received += count;
        ResponseBody body = course.judged();
        if (body != null) {
            if (!body.add(data, count)) {
                return new Next.Failed(BodyRules.TOO_LONG);
            }
        } else {
            data.position(data.limit());
            if (received >= HttpCourse.DROPPED_BYTES_MAX) {
                return complete();
            }
        }
        return end ? complete() : Next.WAIT;
    }

    private Next complete() {
        Optional<String> fault = course.onBody();
        if (fault.isPresent()) {
            return new Next.Failed(fault.get());
        }
        return course.advance() ? call() : Next.PASSED;
    }

    @Override
    public String awaited() {
        return inBody ? "body" : "first byte";
    }
}
