package dev.vipd.director.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Cursor over one mapping. The keys that a block knows are those it was asked for, so a key can't be documented and
 * forgotten: whoever reads a block asks for every key, on every path, and calls {@link #finish} at the end.
 */
final class Block {
    private final Value self;
    private final String first;
    private final Map<String, Value> entries = new LinkedHashMap<>();
    /** In that order, some more than once: blocks are many and have few keys, and nearly none has to tell them. */
    private final List<String> asked = new ArrayList<>();

    Block(List<NodeTuple> tuples, Value self) {
        this(tuples, self, "");
    }

    /** @param first the key that does not stand there, since the block is a line of words: its path is the line's */
    Block(List<NodeTuple> tuples, Value self, String first) {
        this.self = self;
        this.first = first;
        for (NodeTuple tuple : tuples) {
            add(tuple);
        }
    }

    private void add(NodeTuple tuple) {
        Position at = Position.of(tuple.getKeyNode().getStartMark());
        if (!(tuple.getKeyNode() instanceof ScalarNode keyNode) || keyNode.getValue().isEmpty()) {
            error(at, "a key must be a word; this one is empty, a list or a block");
            return;
        }
        String key = keyNode.getValue();
        if (key.equals("<<")) {
            error(at, "merge keys (<<) are not supported; repeat the keys, or share a whole value"
                    + " by &anchor and *alias");
            return;
        }
        Value earlier = entries.get(key);
        if (earlier != null) {
            self.findings().error(at, child(key).toString(), "is given twice, first on line " + earlier.owner().line()
                    + "; keep one of them");
            return;
        }
        entries.put(key, new Value(tuple.getValueNode(), at, child(key), self.findings()));
    }

    private KeyPath child(String key) {
        return key.equals(first) ? self.where() : self.where().child(key);
    }

    /** Reports something about the block as a whole, at the key it stands under. */
    void error(String message) {
        error(self.owner(), message);
    }

    void warning(String message) {
        self.findings().warning(self.owner(), self.path(), message);
    }

    private void error(Position at, String message) {
        error(at, self.path(), message);
    }

    private void error(Position at, String path, String message) {
        self.findings().error(at, path, message);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Whether any of some keys is there; the block knows them all then. */
    boolean hasAny(List<String> keys) {
        asked.addAll(keys);
        return !entries.isEmpty() && keys.stream().anyMatch(entries::containsKey);
    }

    /** Reports keys that stand here but belong elsewhere; the block does not know them. */
    void refuse(List<String> keys, String message) {
        for (String key : keys) {
            Value value = entries.remove(key);
            if (value != null) {
                error(value.owner(), value.path(), message);
            }
        }
    }

    Optional<Value> value(String key) {
        asked.add(key);
        return Optional.ofNullable(entries.get(key));
    }

    /** A value that must be there; {@code what} completes "missing; give ...". */
    Optional<Value> required(String key, String what) {
        Optional<Value> value = value(key);
        if (value.isEmpty()) {
            self.findings().error(self.owner(), child(key).toString(), "missing; give " + what);
        }
        return value;
    }

    Optional<Integer> integer(String key, int min, int max) {
        return value(key).flatMap(v -> v.integer(min, max));
    }

    Optional<Boolean> bool(String key) {
        return value(key).flatMap(Value::bool);
    }

    Optional<Long> duration(String key, long minNs, long maxNs) {
        return value(key).flatMap(v -> v.duration(minNs, maxNs));
    }

    /** The same where {@code off}, {@code false} and {@code 0} are 0. */
    Optional<Long> durationOrOff(String key, long minNs, long maxNs) {
        return value(key).flatMap(v -> v.isOff() ? Optional.of(0L) : v.duration(minNs, maxNs,
                Durations.format(minNs) + ".." + Durations.format(maxNs) + ", or off"));
    }

    /** The first of some keys that stands here; nothing is learnt about which the block knows. */
    Optional<Value> given(String... keys) {
        return Stream.of(keys).filter(entries::containsKey).findFirst().map(entries::get);
    }

    <T> Optional<T> choice(String key, Map<String, T> words) {
        return value(key).flatMap(v -> v.choice(words));
    }

    /** The block under a key; one without keys when it is not there. */
    Block blockOrAbsent(String key, String example) {
        return value(key).flatMap(v -> v.block(example)).orElseGet(() -> new Block(List.of(), self));
    }

    List<Value> list(String key, String expected) {
        return value(key).map(v -> v.list(expected)).orElse(List.of());
    }

    /** All keys, whatever they are, with their values. */
    Map<String, Value> all() {
        asked.addAll(entries.keySet());
        return new LinkedHashMap<>(entries);
    }

    /** The names in the block under a key, if it is one; nothing is reported. */
    List<String> namesIn(String key) {
        Value value = entries.get(key);
        return value != null && value.node() instanceof MappingNode mapping
                ? mapping.getValue().stream()
                        .map(NodeTuple::getKeyNode)
                        .flatMap(node -> node instanceof ScalarNode scalar ? Stream.of(scalar.getValue()) : Stream.of())
                        .filter(Value::isName)
                        .toList()
                : List.of();
    }

    /** Takes all keys as names of what stands under them; a key that can't be a name is reported. */
    Map<String, Value> named() {
        Map<String, Value> named = new LinkedHashMap<>();
        entries.forEach((key, value) -> {
            asked.add(key);
            if (Value.isName(key)) {
                named.put(key, value);
            } else {
                error(value.owner(), Value.notName(key));
            }
        });
        return named;
    }

    /** Reports the keys that nobody asked for. */
    void finish() {
        entries.forEach((key, value) -> {
            if (!asked.contains(key)) {
                Set<String> known = new LinkedHashSet<>(asked);
                String message = Keywords.hint(key)
                        .or(() -> Spelling.nearest(key, known).map(near -> "unknown key; did you mean " + near + "?"))
                        .orElseGet(() -> "unknown key; known here: " + String.join(", ", known));
                error(value.owner(), value.path(), message);
            }
        });
    }
}
