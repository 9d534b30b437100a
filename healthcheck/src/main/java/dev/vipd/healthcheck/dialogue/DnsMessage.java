package dev.vipd.healthcheck.dialogue;

import dev.vipd.healthcheck.ProbeConfig;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Codec of DNS messages (RFC 1035, section 4) as far as one question and its answer need it. All of it is big-endian.
 *
 * <pre>
 *  0               2               4        6        8        10       12
 *  +---------------+---------------+--------+--------+--------+--------+-----------
 *  | id            | QR OPCODE AA  | QD     | AN     | NS     | AR     | question,
 *  |               | TC RD … RCODE | COUNT  | COUNT  | COUNT  | COUNT  | answers, …
 *  +---------------+---------------+--------+--------+--------+--------+-----------
 * </pre>
 */
public final class DnsMessage {
    private static final int HEADER_BYTES = 12;
    private static final int RESPONSE = 0x8000;
    private static final int OPCODE = 0x7800;
    private static final int TRUNCATED = 0x0200;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RCODE = 0x000f;
    private static final int INTERNET = 1;
    private static final int REASON_CHARS_MAX = 60;
    private static final Step MALFORMED = new Step.Failed("malformed reply");
    private static final List<String> RCODES = List.of(
            "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET",
            "NOTAUTH", "NOTZONE");

    private DnsMessage() {}

    /** What is wrong with the question as it is configured, for people; empty if nothing is. */
    public static Optional<String> problem(ProbeConfig.Dns dns) {
        return DnsName.problem(dns.name());
    }

    /**
     * The question, with recursion desired; without the length that stands before it over TCP.
     *
     * @param id 0..65535
     * @throws IllegalArgumentException if {@link #problem} has something to say
     */
    public static byte[] question(ProbeConfig.Dns dns, int id) {
        problem(dns).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        int nameBytes = dns.name().isEmpty() ? 1 : dns.name().length() + 2;
        ByteBuffer message = ByteBuffer.allocate(HEADER_BYTES + nameBytes + 4)
                .putShort((short) id)
                .putShort((short) RECURSION_DESIRED)
                .putShort((short) 1)
                .position(HEADER_BYTES);
        DnsName.put(message, dns.name());
        return message.putShort((short) dns.type()).putShort((short) INTERNET).array();
    }

    /**
     * Judges what came back.
     *
     * @param id      of the question
     * @param message one datagram, or over TCP what stands behind its length; it is taken as a whole
     * @return {@link Step#WAIT} for a datagram that does not answer this question: a late one, or somebody else's
     */
    public static Step judge(ProbeConfig.Dns dns, int id, ByteBuffer message) {
        ByteBuffer reply = message.slice();
        message.position(message.limit());
        Step notOurs = dns.overTcp() ? MALFORMED : Step.WAIT;
        if (reply.remaining() < HEADER_BYTES) {
            return notOurs;
        }
        int flags = reply.getShort(2) & 0xffff;
        if ((reply.getShort(0) & 0xffff) != (id & 0xffff) || (flags & RESPONSE) == 0 || (flags & OPCODE) != 0) {
            return notOurs;
        }
        int rcode = flags & RCODE;
        int questions = reply.getShort(4) & 0xffff;
        reply.position(HEADER_BYTES);
        if (questions == 1) {
            if (!DnsName.skip(reply) || reply.remaining() < 4) {
                return MALFORMED;
            }
            boolean echoed = DnsName.at(reply, HEADER_BYTES).filter(name -> isSameName(name, dns.name())).isPresent();
            if (!echoed || (reply.getShort() & 0xffff) != dns.type() || reply.getShort() != INTERNET) {
                return notOurs;
            }
        } else if (questions > 1 || rcode == 0) {
            return MALFORMED; // a server that could not read the question may leave it out
        }
        if (!dns.rcodes().contains(rcode)) {
            String wanted = dns.rcodes().stream().map(String::valueOf).collect(Collectors.joining(","));
            return new Step.Failed("rcode " + rcode + name(rcode) + ", want " + wanted);
        }
        if (dns.answers().isEmpty()) {
            return Step.PASSED;
        }
        if ((flags & TRUNCATED) != 0 && !dns.overTcp()) {
            return new Step.Failed("truncated, use tcp");
        }
        return judgeAnswers(dns, reply);
    }

    private static String name(int rcode) {
        return rcode < RCODES.size() ? " (" + RCODES.get(rcode) + ")" : "";
    }

    private static boolean isSameName(String text, String name) {
        return text.equalsIgnoreCase(name + ".");
    }

    /** Behind the question: records of name, type, class, time to live, length, data (section 4.1.3). */
    private static Step judgeAnswers(ProbeConfig.Dns dns, ByteBuffer reply) {
        int answers = reply.getShort(6) & 0xffff;
        for (int i = 0; i < answers; i++) {
            if (!DnsName.skip(reply) || reply.remaining() < 10) {
                return MALFORMED;
            }
            int type = reply.getShort() & 0xffff;
            int recordClass = reply.getShort() & 0xffff;
            reply.getInt();
            int length = reply.getShort() & 0xffff;
            if (reply.remaining() < length) {
                return MALFORMED;
            }
            int offset = reply.position();
            if (type == dns.type() && recordClass == INTERNET) {
                Optional<String> data = DnsData.text(reply, type, offset, length);
                if (data.isEmpty()) {
                    return MALFORMED;
                }
                if (dns.answers().stream().anyMatch(wanted -> DnsData.isSame(type, data.get(), wanted))) {
                    return Step.PASSED;
                }
            }
            reply.position(offset + length);
        }
        return new Step.Failed(ShownText.of("no answer " + String.join(" or ", dns.answers()), REASON_CHARS_MAX));
    }
}
