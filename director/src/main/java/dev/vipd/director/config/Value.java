package dev.vipd.director.config;

import dev.vipd.director.config.Addresses.Endpoint;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One value of the file: its node, its path, and where to report what is wrong with it. A conversion that fails adds a
 * finding and returns empty. Scalars are converted from the raw text, never from what YAML 1.1 makes of it
 * ({@code on} is a boolean there, {@code 22:22} is 1342, {@code 010} is 8).
 *
 * @param owner position of the key that the value stands under; of the value itself for an item of a list
 */
record Value(Node node, Position owner, KeyPath where, Findings findings) {
    private static final Pattern WHOLE = Pattern.compile("0|-?[1-9]\\d{0,17}");
    private static final Pattern LEADING_ZERO = Pattern.compile("[-+]?0\\d+.*");
    // Goes into log lines and paths unquoted; the log's lists use ':' and ','.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final String YAML_TAGS = "tag:yaml.org,2002:";

    Position at() {
        return Position.of(node.getStartMark());
    }

    /** Where it stands, in words. */
    String path() {
        return where.toString();
    }

    void error(String message) {
        findings.error(at(), path(), message);
    }

    void warning(String message) {
        findings.warning(at(), path(), message);
    }

    private <T> Optional<T> fail(String message) {
        error(message);
        return Optional.empty();
    }

    /** No value at all: {@code key:}, {@code key: ~}, {@code key: null}. */
    boolean isNull() {
        return node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && List.of("", "~", "null").contains(scalar.getValue());
    }

    /** Whether it says no in one of the ways of keys: {@code false}, {@code 0}, {@code off}. */
    boolean isOff() {
        return node instanceof ScalarNode scalar && List.of("false", "0", "off").contains(scalar.getValue());
    }

    /** Whether it is just this word. */
    boolean isWord(String word) {
        return node instanceof ScalarNode scalar && scalar.getValue().equals(word);
    }

    boolean isOn() {
        return isWord("true");
    }

    boolean isScalar() {
        return node instanceof ScalarNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** The items of a list; nothing is reported where there is none. */
    List<Value> items() {
        return node instanceof SequenceNode ? list("a list") : List.of();
    }

    /** The text up to the first white space; empty of a list or a block. */
    Optional<String> firstWord() {
        return node instanceof ScalarNode scalar
                ? Optional.of(scalar.getValue().strip().split("\\s")[0])
                : Optional.empty();
    }

    boolean isEmptyList() {
        return node instanceof SequenceNode sequence && sequence.getValue().isEmpty();
    }

    /** Text that is not empty; {@code expected} completes "give ...". */
    Optional<String> text(String expected) {
        if (!usable("give " + expected)) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar)) {
            return fail(kind() + " stands here; give " + expected);
        }
        return scalar.getValue().isEmpty() ? fail("is empty; give " + expected) : Optional.of(scalar.getValue());
    }

    /** A value is there, and without a tag that we would have to ignore. */
    private boolean usable(String remedy) {
        if (isNull()) {
            error("has no value; " + remedy + ", or remove the key");
            return false;
        }
        Tag tag = node.getTag();
        if (tag != null && !tag.getValue().startsWith(YAML_TAGS)) {
            error("the tag " + Spelling.quote(tag.getValue()) + " means nothing here; remove it");
            return false;
        }
        return true;
    }

    private String kind() {
        return node instanceof MappingNode ? "a block of keys" : node instanceof SequenceNode ? "a list" : "text";
    }

    /** A name that log lines and paths can carry as it is. */
    Optional<String> name(String expected) {
        return text(expected).flatMap(text -> isName(text) ? Optional.of(text) : fail(notName(text)));
    }

    static String notName(String text) {
        return Spelling.quote(text) + " can't be a name; use 1..64 letters, digits, '_', '-' and '.'";
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    Optional<Integer> integer(int min, int max) {
        String range = min + ".." + max;
        Optional<String> text = text("a whole number, " + range);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String shown = Spelling.quote(text.get());
        if (LEADING_ZERO.matcher(text.get()).matches()) {
            return fail(shown + " begins with a zero, which YAML may read as octal; write the number, " + range
                    + ", without it");
        }
        if (!WHOLE.matcher(text.get()).matches()) {
            return fail(shown + " is not a whole number; give " + range);
        }
        long number = Long.parseLong(text.get());
        return number < min || number > max
                ? fail(number + " is out of range; give " + range)
                : Optional.of((int) number);
    }

    Optional<Boolean> bool() {
        return text("true or false").flatMap(text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> fail(Spelling.quote(text) + " is not a boolean; write true or false");
        });
    }

    /** Nanoseconds in {@code minNs..maxNs}. */
    Optional<Long> duration(long minNs, long maxNs) {
        return duration(minNs, maxNs, Durations.format(minNs) + ".." + Durations.format(maxNs));
    }

    /** The same where the range that is told differs from the one that is checked here. */
    Optional<Long> duration(long minNs, long maxNs, String range) {
        Optional<String> text = text("a duration, " + range);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String shown = Spelling.quote(text.get());
        Optional<Long> ns = Durations.parse(text.get());
        if (ns.isEmpty()) {
            return fail(LEADING_ZERO.matcher(text.get()).matches()
                    ? shown + " begins with a zero, which YAML may read as octal; write it without"
                    : shown + " is not a duration; give " + range + ", written like 250us, 100ms, 0.5s, 5m or 1h (a"
                            + " bare number is seconds)");
        }
        return ns.get() < minNs || ns.get() > maxNs ? fail(shown + " is out of range; give " + range) : ns;
    }

    /** One of some words, whatever their case. */
    <T> Optional<T> choice(Map<String, T> words) {
        String expected = "one of " + String.join(", ", words.keySet());
        Optional<String> text = text(expected);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        for (Map.Entry<String, T> word : words.entrySet()) {
            if (word.getKey().equalsIgnoreCase(text.get())) {
                return Optional.of(word.getValue());
            }
        }
        return fail(Spelling.quote(text.get()) + " is not " + expected
                + Spelling.nearest(text.get(), words.keySet()).map(w -> "; did you mean " + w + "?").orElse(""));
    }

    /** The address of a host, of one family; {@code why} is whose family it has to be. */
    Optional<InetAddress> ip(boolean ipv6, String why) {
        String wanted = ipv6 ? "IPv6" : "IPv4";
        return ip("an " + wanted + " address such as " + (ipv6 ? "2001:db8::1" : "192.0.2.1"))
                .flatMap(address -> Addresses.family(address).equals(wanted)
                        ? Optional.of(address)
                        : fail(address.getHostAddress() + " is " + Addresses.family(address) + " but " + why + " "
                                + wanted + "; give an " + wanted + " address"));
    }

    Optional<InetAddress> ip() {
        return ip("an IPv4 or IPv6 address");
    }

    /** A multicast group of one family; that of VRRP is the example. */
    Optional<InetAddress> group(boolean ipv6) {
        return group(ipv6, ipv6 ? "ff02::12" : "224.0.0.18");
    }

    /** A multicast group of one family. */
    Optional<InetAddress> group(boolean ipv6, String example) {
        String expected = "an " + (ipv6 ? "IPv6" : "IPv4") + " multicast group such as " + example;
        return text(expected).flatMap(text -> Addresses.ip(text)
                .filter(group -> group.isMulticastAddress() && group instanceof Inet6Address == ipv6)
                .or(() -> fail(Spelling.quote(text) + " is not " + expected)));
    }

    private Optional<InetAddress> ip(String expected) {
        return text(expected).flatMap(text -> {
            Optional<InetAddress> address = Addresses.ip(text);
            if (address.isEmpty()) {
                return fail(Spelling.quote(text) + " is not an address; give " + expected);
            }
            return address.flatMap(this::host);
        });
    }

    /** Address and port. {@code portNeeded}: the port must be given; else it is -1 when it is not. */
    Optional<Endpoint> endpoint(boolean portNeeded) {
        String expected = "an address and port such as 192.0.2.1:80 or [2001:db8::1]:80";
        return text(expected).flatMap(text -> {
            Optional<Endpoint> endpoint = Addresses.endpoint(text);
            if (endpoint.isEmpty()) {
                return fail(Spelling.quote(text) + " is not " + expected);
            }
            if (portNeeded && endpoint.get().port() < 0) {
                return fail(Spelling.quote(text) + " has no port; give " + expected);
            }
            return host(endpoint.get().address()).isPresent() ? endpoint : Optional.empty();
        });
    }

    Optional<InetAddress> host(InetAddress address) {
        return Addresses.isHost(address)
                ? Optional.of(address)
                : fail(address.getHostAddress() + " is not the address of a host; give a unicast address");
    }

    /** The items of a list; {@code expected} is what the list holds. */
    List<Value> list(String expected) {
        if (!usable("give " + expected)) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            error((isScalar() ? "a single value" : kind()) + " stands here; give " + expected
                    + ", in brackets or one a line after '- '");
            return List.of();
        }
        List<Value> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(new Value(item, Position.of(item.getStartMark()), where.item(items.size()), findings));
        }
        return items;
    }

    /** The items of a list that is not empty, or the one value that stands in its place. */
    List<Value> oneOrMore(String expected) {
        if (isEmptyList()) {
            error("is empty; give " + expected);
        }
        return isList() ? list(expected) : List.of(this);
    }

    /** The value as a block of keys, for example {@code { name: eth1, weight: 10 }}. */
    Optional<Block> block(String example) {
        if (!usable("give a block of keys such as " + example)) {
            return Optional.empty();
        }
        if (!(node instanceof MappingNode mapping)) {
            return fail((isScalar() ? "a single value" : kind()) + " stands here; give a block of keys such as "
                    + example);
        }
        return Optional.of(new Block(mapping.getValue(), this));
    }

    /** The same where nothing may stand for an empty block, as in {@code - tcp:}. */
    Optional<Block> blockOrNothing(String example) {
        return isNull() ? Optional.of(new Block(List.of(), this)) : block(example);
    }

    /** Words of an enum for {@link #choice}, in lower or upper case for messages. */
    static <E extends Enum<E>> Map<String, E> words(Class<E> type, boolean lowerCase) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            words.put(lowerCase ? constant.name().toLowerCase(Locale.ROOT) : constant.name(), constant);
        }
        return words;
    }
}
