package dev.vipd.healthcheck;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** One check of one real server. Sealed: one record a kind. */
public sealed interface CheckConfig {
    /** Name of the kind as in the configuration: {@code tcp}, {@code http}. */
    String kind();

    /** When to probe and how to judge. */
    CheckTiming timing();

    /** Where to connect to: the real server's address and port, or {@code connect_ip} and {@code connect_port}. */
    InetSocketAddress target();

    /** {@code tcp}: passes when the connection is established. */
    record Tcp(InetSocketAddress target, CheckTiming timing) implements CheckConfig {
        @Override
        public String kind() {
            return "tcp";
        }
    }

    /**
     * {@code http}: one GET over HTTP/1.1; passes when the status is in one of the ranges.
     *
     * @param path        request target, begins with a slash
     * @param virtualHost {@code virtualhost}: value of the Host header; empty: the target's address and port
     * @param statuses    ranges of passing status codes; keepalived's default is 200-299
     */
    record Http(
            InetSocketAddress target,
            CheckTiming timing,
            String path,
            Optional<String> virtualHost,
            List<StatusRange> statuses)
            implements CheckConfig {
        public Http {
            statuses = List.copyOf(statuses);
        }

        @Override
        public String kind() {
            return "http";
        }
    }

    /** Status codes {@code first}..{@code last}, both included, each 100..599. */
    record StatusRange(int first, int last) {
        public boolean contains(int status) {
            return status >= first && status <= last;
        }
    }
}
