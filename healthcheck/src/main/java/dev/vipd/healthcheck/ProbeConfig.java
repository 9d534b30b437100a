package dev.vipd.healthcheck;

import dev.vipd.netlink.script.RunAs;
import java.util.List;
import java.util.Optional;

/** What one probe asks, and what answer passes. Sealed: one record a kind. */
public sealed interface ProbeConfig {
    /** Name of the kind as in the configuration. */
    String kind();

    /** Who is asked, for people: an address with port, a command, a path. */
    String target();

    /** A kind that goes over the network. */
    sealed interface Networked extends ProbeConfig {
        Route route();

        @Override
        default String target() {
            return route().text();
        }
    }

    /**
     * {@code tcp}: passes when the connection is established, or, with {@code exchange}, when the answer matches.
     */
    record Tcp(Route route, Optional<Exchange> exchange) implements Networked {
        @Override
        public String kind() {
            return "tcp";
        }
    }

    /**
     * {@code send} and {@code expect} of a tcp check, in characters of ISO 8859-1, one a byte.
     *
     * @param send   sent when the connection is established; may be empty
     * @param expect a regular expression that must match somewhere in the first 16 KiB of the answer; empty: any byte
     */
    record Exchange(String send, Optional<String> expect) {}

    /**
     * {@code http} and {@code https}: each request in turn must be answered as wanted.
     *
     * @param tls       empty: http
     * @param version   what is spoken
     * @param keepAlive whether the connection is kept for the next probe; else each probe makes a new one
     * @param requests  at least one
     */
    record Http(
            Route route, Optional<TlsConfig> tls, HttpVersion version, boolean keepAlive, List<HttpRequest> requests)
            implements Networked {
        public Http {
            requests = List.copyOf(requests);
        }

        @Override
        public String kind() {
            return tls.isPresent() ? "https" : "http";
        }
    }

    /** {@code http_protocol}. HTTP/2 is by prior knowledge without TLS, by ALPN with it (RFC 9113, section 3). */
    enum HttpVersion {
        HTTP_1_0("1.0"),
        HTTP_1_1("1.1"),
        HTTP_2("2");

        private final String word;

        HttpVersion(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /**
     * {@code grpc}: grpc.health.v1.Health/Check must say SERVING.
     *
     * @param tls       empty: plain HTTP/2
     * @param service   the service asked about; empty: the server as a whole
     * @param authority value of :authority; empty: the target's address and port
     */
    record Grpc(Route route, Optional<TlsConfig> tls, String service, Optional<String> authority)
            implements Networked {
        @Override
        public String kind() {
            return "grpc";
        }
    }

    /**
     * {@code smtp}: 220 greeting, 250 to EHLO (or HELO), 221 to QUIT.
     *
     * @param heloName {@code helo_name}
     * @param startTls with it STARTTLS must succeed, and a second EHLO inside
     */
    record Smtp(Route route, String heloName, Optional<TlsConfig> startTls) implements Networked {
        @Override
        public String kind() {
            return "smtp";
        }
    }

    /**
     * {@code dns}: one question.
     *
     * @param overTcp whether it is asked over TCP
     * @param name    domain name without the last dot; empty: the root
     * @param type    number of the record type (RFC 1035, 3.2.2)
     * @param rcodes  response codes that pass; keepalived's is 0 alone
     * @param answers texts one of which must be the data of an answer of that type: an address, a name, TXT's text;
     *                empty: the answer section is not looked at
     */
    record Dns(Route route, boolean overTcp, String name, int type, List<Integer> rcodes, List<String> answers)
            implements Networked {
        public Dns {
            rcodes = List.copyOf(rcodes);
            answers = List.copyOf(answers);
        }

        @Override
        public String kind() {
            return "dns";
        }
    }

    /**
     * {@code udp}: a datagram; ICMP unreachable fails it.
     *
     * @param payload      hexadecimal, may be empty
     * @param requireReply {@code require_reply}; else silence for the time of the probe passes
     * @param reply        hexadecimal with {@code x} for any digit, what the reply must begin with; empty: anything
     * @param minReply     {@code min_reply_length} in bytes
     * @param maxReply     {@code max_reply_length} in bytes
     */
    record Udp(Route route, String payload, boolean requireReply, String reply, int minReply, int maxReply)
            implements Networked {
        @Override
        public String kind() {
            return "udp";
        }
    }

    /** {@code ping}: ICMP echo, of either family. */
    record Ping(Route route) implements Networked {
        @Override
        public String kind() {
            return "ping";
        }
    }

    /**
     * {@code agent}: the server says how it is (HAProxy's agent-check protocol).
     *
     * @param send sent first; may be empty
     */
    record Agent(Route route, String send) implements Networked {
        @Override
        public String kind() {
            return "agent";
        }
    }

    /**
     * {@code script}: exit status 0 passes, others fail; with {@code dynamic} 2..255 pass with weight status - 2, as
     * MISC_CHECK. Its time is the check's {@code timeout}.
     *
     * @param command program and arguments; no shell is involved
     * @param user    empty: keepalived_script or nobody
     */
    record Script(List<String> command, Optional<RunAs> user, boolean dynamic) implements ProbeConfig {
        public Script {
            command = List.copyOf(command);
        }

        @Override
        public String kind() {
            return "script";
        }

        @Override
        public String target() {
            return command.getFirst();
        }
    }

    /**
     * {@code file}: passes while the file holds a number above 0, or, with {@code dynamic}, gives the weight by it, 0
     * or less being weight 0. A file that is not there or holds no number fails.
     */
    record File(String path, boolean dynamic) implements ProbeConfig {
        @Override
        public String kind() {
            return "file";
        }

        @Override
        public String target() {
            return path;
        }
    }
}
