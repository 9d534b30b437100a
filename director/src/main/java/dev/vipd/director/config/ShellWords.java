package dev.vipd.director.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command line split into words as a POSIX shell does it (Shell Command Language, 2.2 Quoting), and nothing more:
 * no variables, globs or redirections, since no shell runs it.
 *
 * @param words    program and arguments
 * @param operator first unquoted text that only a shell would act on, for example {@code |}; it was taken literally
 * @param problem  why the line can't be split; words are empty then
 */
record ShellWords(List<String> words, Optional<String> operator, Optional<String> problem) {

    static ShellWords split(String line) {
        return new Splitter(line).run();
    }

    private static ShellWords failed(String problem) {
        return new ShellWords(List.of(), Optional.empty(), Optional.of(problem));
    }

    private static final class Splitter {
        private final String line;
        private final List<String> words = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();
        private boolean inWord;
        private String operator;
        private int at;

        Splitter(String line) {
            this.line = line;
        }

        ShellWords run() {
            while (at < line.length()) {
                char c = line.charAt(at++);
                switch (c) {
                    case ' ', '\t', '\n' -> endWord();
                    case '\'' -> {
                        int end = line.indexOf('\'', at);
                        if (end < 0) {
                            return failed("the single quote is not closed");
                        }
                        add(line.substring(at, end));
                        at = end + 1;
                    }
                    case '"' -> {
                        if (!doubleQuoted()) {
                            return failed("the double quote is not closed");
                        }
                    }
                    case '\\' -> {
                        if (at == line.length()) {
                            return failed("a backslash stands at the end");
                        }
                        add(line.substring(at, ++at));
                    }
                    default -> plain(c);
                }
            }
            endWord();
            return new ShellWords(List.copyOf(words), Optional.ofNullable(operator), Optional.empty());
        }

        private void plain(char c) {
            if (operator == null && "|&;<>`$*?()".indexOf(c) >= 0) {
                operator = String.valueOf(c);
            }
            add(String.valueOf(c));
        }

        /** Inside double quotes a backslash counts only before the characters that are special there. */
        private boolean doubleQuoted() {
            add("");
            while (at < line.length()) {
                char c = line.charAt(at++);
                if (c == '"') {
                    return true;
                }
                if (c == '\\' && at < line.length() && "\"\\$`\n".indexOf(line.charAt(at)) >= 0) {
                    c = line.charAt(at++);
                }
                word.append(c);
            }
            return false;
        }

        private void add(String text) {
            word.append(text);
            inWord = true;
        }

        private void endWord() {
            if (inWord) {
                words.add(word.toString());
            }
            word.setLength(0);
            inWord = false;
        }
    }
}
