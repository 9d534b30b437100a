package dev.vipd.director.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * What keepalived.conf has in one line, such as {@code 192.0.2.10/24 dev eth1 label eth1:vip}, as the block of keys
 * that may be written here as well. Whoever reads such an item knows blocks only.
 *
 * @param first  key of the one word that is none of the others; empty: there is none
 * @param valued words that the next word belongs to
 * @param flags  words that stand for themselves; true in the block
 */
record WordBlock(String first, Set<String> valued, Set<String> flags) {

    /** The block that an item is, or stands for. Empty when it is neither; that is reported. */
    Optional<Block> of(Value item, String example) {
        if (!item.isScalar()) {
            return item.block(example);
        }
        return item.text(example).flatMap(text -> parse(item, text, example));
    }

    private Optional<Block> parse(Value item, String text, String example) {
        List<Word> words = words(item, text);
        List<NodeTuple> tuples = new ArrayList<>();
        boolean firstSeen = false;
        for (int at = 0; at < words.size(); at++) {
            Word word = words.get(at);
            if (flags.contains(word.text())) {
                tuples.add(tuple(word, word.text(), "true", word.mark()));
            } else if (valued.contains(word.text())) {
                if (++at == words.size()) {
                    item.error(Spelling.quote(text) + ": " + word.text() + " needs a value; give " + example);
                    return Optional.empty();
                }
                tuples.add(tuple(word, word.text(), words.get(at).text(), words.get(at).mark()));
            } else if (!firstSeen && !first.isEmpty()) {
                firstSeen = true;
                tuples.add(tuple(word, first, word.text(), word.mark()));
            } else {
                unknown(item, word, text);
                return Optional.empty();
            }
        }
        return Optional.of(new Block(tuples, item, first));
    }

    /** A line cut at each {@code word}, which belongs to none of the parts; what is no line is one part. */
    static List<Value> split(Value item, String word) {
        if (!(item.node() instanceof ScalarNode scalar)) {
            return List.of(item);
        }
        List<Value> parts = new ArrayList<>();
        List<Word> part = new ArrayList<>();
        for (Word next : words(item, scalar.getValue())) {
            if (next.text().equals(word)) {
                parts.add(joined(item, part));
                part.clear();
            } else {
                part.add(next);
            }
        }
        parts.add(parts.isEmpty() ? item : joined(item, part));
        return parts;
    }

    private static Value joined(Value item, List<Word> words) {
        String text = String.join(" ", words.stream().map(Word::text).toList());
        Mark at = words.isEmpty() ? item.node().getStartMark() : words.getFirst().mark();
        return new Value(scalar(text, at), item.owner(), item.where(), item.findings());
    }

    private void unknown(Value item, Word word, String text) {
        List<String> known = new ArrayList<>(valued);
        known.addAll(flags);
        known.sort(null);
        item.error(Spelling.quote(text) + ": the word " + Spelling.quote(word.text()) + " is not known"
                + Spelling.nearest(word.text(), known).map(near -> "; did you mean " + near + "?")
                        .orElse("; known here: " + String.join(", ", known)));
    }

    /** The words of a line, each as a value of its own; at least one. */
    static List<Value> words(Value item) {
        String text = item.node() instanceof ScalarNode scalar ? scalar.getValue() : "";
        List<Value> words = words(item, text).stream().map(word -> joined(item, List.of(word))).toList();
        return words.isEmpty() ? List.of(item) : words;
    }

    private record Word(String text, Mark mark) {}

    private static List<Word> words(Value item, String text) {
        List<Word> words = new ArrayList<>();
        Mark start = item.node().getStartMark();
        boolean exact = item.node() instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && start.getLine() == item.node().getEndMark().getLine();
        int at = 0;
        for (String word : text.split("\\s+")) {
            if (word.isEmpty()) {
                continue;
            }
            at = text.indexOf(word, at);
            words.add(new Word(word, exact ? moved(start, at) : start));
            at += word.length();
        }
        return words;
    }

    private static Mark moved(Mark mark, int columns) {
        return new Mark(mark.getName(), mark.getIndex(), mark.getLine(), mark.getColumn() + columns, mark.getBuffer(),
                mark.getPointer());
    }

    private static NodeTuple tuple(Word key, String name, String value, Mark at) {
        return new NodeTuple(scalar(name, key.mark()), scalar(value, at));
    }

    private static Node scalar(String text, Mark at) {
        return new ScalarNode(Tag.STR, text, at, at, ScalarStyle.SINGLE_QUOTED);
    }
}
