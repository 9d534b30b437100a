package dev.vipd.director.config;

import dev.vipd.director.config.CheckBinder.Maker;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.ProbeConfig.Exchange;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The checks that go over the network, but for those of HTTP. */
final class NetworkBinder {
    private static final String SEND_EXPECTED = "what to send, such as \"PING\\r\\n\"";
    private static final String REPLY_EXPECTED =
            "true, false, or what the reply begins with, in hexadecimal with x for any digit, such as 0102xx";
    private static final String PAYLOAD_EXPECTED = "whole bytes in hexadecimal, such as 0102ff, " + CheckTexts.MAX
            + " at most";
    /** keepalived's max_reply_length. */
    private static final int REPLY_MAX = 255;
    private static final int DATAGRAM_MAX = 65535;
    /** What HAProxy says as well; a server that wants a real name has to be told one. */
    private static final String HELO_NAME = "localhost";

    /** RFC 1035, 3.2.2 and 3.2.3; AAAA is of RFC 3596, SRV of RFC 2782. */
    private static final Map<String, Integer> TYPES = new LinkedHashMap<>();
    /** RFC 1035, 4.1.1, and RFC 2136, 2.2. */
    private static final List<String> RCODES = List.of("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",
            "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE");
    private static final int RCODE_MAX = 15; // four bits
    private static final int NO_ERROR = 0;
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)[!-~&&[^.\\\\\"]]{1,63}(\\.[!-~&&[^.\\\\\"]]{1,63})*");
    private static final Map<String, Boolean> TRANSPORTS =
            Stream.of("udp", "tcp").collect(Collectors.toMap(w -> w, w -> w.equals("tcp"), (a, _) -> a,
                    LinkedHashMap::new));

    static {
        TYPES.put("A", 1);
        TYPES.put("AAAA", 28);
        TYPES.put("NS", 2);
        TYPES.put("CNAME", 5);
        TYPES.put("SOA", 6);
        TYPES.put("MX", 15);
        TYPES.put("TXT", 16);
        TYPES.put("PTR", 12);
        TYPES.put("SRV", 33);
        TYPES.put("ANY", 255);
    }

    private final TlsBinder tls;

    NetworkBinder(TlsBinder tls) {
        this.tls = tls;
    }

    Maker tcp(Block b) {
        Optional<String> send = b.value("send").flatMap(v -> CheckTexts.bytes(v, SEND_EXPECTED));
        Optional<String> expect = b.value("expect").flatMap(CheckTexts::regex);
        Optional<Exchange> exchange = send.isPresent() || expect.isPresent()
                ? Optional.of(new Exchange(send.orElse(""), expect))
                : Optional.empty();
        TargetBinder target = new TargetBinder(b, true);
        return (realServer, _) -> new ProbeConfig.Tcp(target.to(realServer), exchange);
    }

    Maker smtp(Block b) {
        String name = b.value("helo_name").flatMap(v -> CheckTexts.visible(v, "a host name")).orElse(HELO_NAME);
        Optional<TlsBinder.Template> secured = b.value("starttls").flatMap(tls::under);
        TargetBinder target = new TargetBinder(b, true);
        return (realServer, _) -> new ProbeConfig.Smtp(
                target.to(realServer), name, secured.map(t -> t.named(Optional.empty())));
    }

    Maker dns(Block b) {
        String name = b.value("name").flatMap(v -> domain(v, true)).orElse("");
        Optional<Integer> type = b.choice("type", TYPES);
        List<Integer> rcodes = b.value("rcode").map(NetworkBinder::rcodes).orElse(List.of(NO_ERROR));
        List<String> answers = b.value("answer")
                .map(v -> answers(v, type.orElse(TYPES.get("SOA")))).orElse(List.of());
        if (!rcodes.contains(NO_ERROR)) {
            b.given("answer").ifPresent(v ->
                    v.error("is never there without NOERROR; remove it, or add that to rcode"));
        }
        boolean overTcp = b.choice("transport", TRANSPORTS).orElse(false);
        TargetBinder target = new TargetBinder(b, true);
        int number = type.orElse(TYPES.get("SOA"));
        return (realServer, _) -> new ProbeConfig.Dns(target.to(realServer), overTcp, name, number, rcodes, answers);
    }

    /** A name as questions and answers have it, without the last dot; the root is empty. */
    private static Optional<String> domain(Value value, boolean root) {
        String expected = "a domain name such as example.org";
        return value.text(expected).flatMap(text -> {
            if (root && text.equals(".")) {
                return Optional.of("");
            }
            String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
            if (!NAME.matcher(name).matches()) {
                value.error(Spelling.quote(text) + " is not " + expected);
                return Optional.empty();
            }
            return Optional.of(name);
        });
    }

    private static List<Integer> rcodes(Value value) {
        List<Integer> rcodes = new ArrayList<>();
        String expected = "one of " + String.join(", ", RCODES) + ", or a number 0.." + RCODE_MAX;
        for (Value item : value.oneOrMore(expected)) {
            item.text(expected).ifPresent(text -> {
                int word = RCODES.indexOf(text.toUpperCase(Locale.ROOT));
                int rcode = word >= 0 ? word : Addresses.number(text, RCODE_MAX);
                if (rcode < 0) {
                    item.error(Spelling.quote(text) + " is not " + expected);
                }
                rcodes.add(rcode);
            });
        }
        return rcodes;
    }

    private static List<String> answers(Value value, int type) {
        List<String> answers = new ArrayList<>();
        if (type == TYPES.get("ANY")) {
            value.error("is of no one type; give the type that the answer must have, such as type: A");
            return answers;
        }
        boolean v6 = type == TYPES.get("AAAA");
        boolean name = List.of(TYPES.get("NS"), TYPES.get("CNAME"), TYPES.get("PTR")).contains(type);
        for (Value item : value.oneOrMore("what an answer must say, such as 192.0.2.1")) {
            if (v6 || type == TYPES.get("A")) {
                item.ip().ifPresent(ip -> {
                    if (ip instanceof Inet4Address == v6) {
                        item.error(ip.getHostAddress() + " is " + Addresses.family(ip) + ", which is not in records of"
                                + " type " + (v6 ? "AAAA" : "A") + "; give an address of the other family");
                    }
                    answers.add(ip.getHostAddress());
                });
            } else {
                (name ? domain(item, false) : CheckTexts.text(item, "a record's data, such as 10 mail.example.org"))
                        .ifPresent(answers::add);
            }
        }
        return answers;
    }

    Maker udp(Block b) {
        String payload = b.value("payload").flatMap(v -> CheckTexts.hex(v, PAYLOAD_EXPECTED, false)).orElse("");
        Optional<Value> reply = b.value("require_reply").filter(v -> !v.isWord("false"));
        String pattern = reply.filter(v -> !v.isOn()).flatMap(v -> CheckTexts.hex(v, REPLY_EXPECTED, true)).orElse("");
        int min = b.integer("min_reply_length", 0, DATAGRAM_MAX).orElse(0);
        int max = b.integer("max_reply_length", 0, DATAGRAM_MAX).orElse(Math.max(REPLY_MAX, min));
        if (reply.isEmpty()) {
            b.given("min_reply_length", "max_reply_length").ifPresent(v ->
                    v.error("is about a reply, and none is required; give require_reply: true"));
        } else if (max < Math.max(min, pattern.length() / 2)) {
            b.given("max_reply_length", "require_reply").ifPresent(v -> v.error("max_reply_length, " + max
                    + ", is less than a reply must have; give at least " + Math.max(min, pattern.length() / 2)));
        }
        TargetBinder target = new TargetBinder(b, true);
        return (realServer, _) ->
                new ProbeConfig.Udp(target.to(realServer), payload, reply.isPresent(), pattern, min, max);
    }

    Maker ping(Block b) {
        TargetBinder target = new TargetBinder(b, false);
        return (realServer, _) -> new ProbeConfig.Ping(target.to(realServer));
    }

    Optional<Maker> agent(Block b) {
        String send = b.value("send").flatMap(v -> CheckTexts.bytes(v, SEND_EXPECTED)).orElse("");
        TargetBinder target = new TargetBinder(b, true);
        if (!target.hasPort()) {
            b.required("connect_port", "the port that the agent listens on; it is not the service's");
            return Optional.empty();
        }
        return Optional.of((realServer, _) -> new ProbeConfig.Agent(target.to(realServer), send));
    }
}
