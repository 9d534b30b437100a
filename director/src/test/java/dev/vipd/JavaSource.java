package dev.vipd;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One Java file, taken apart as far as the rules of {@link TidyRules} need it.
 *
 * @param path     within the repository, {@code vrrp/src/main/java/...}
 * @param lines    as they stand in the file
 * @param code     the text with comments and the insides of literals blanked out; every character keeps its place
 * @param comments the text with all but comments blanked out
 */
record JavaSource(String path, List<String> lines, String code, String comments) {
    private static final Set<String> NO_METHODS =
            Set.of("if", "for", "while", "switch", "catch", "try", "synchronized", "record", "return", "else", "do");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
    private static final Pattern HEADER_WITH_PARAMETERS =
            Pattern.compile("(?s)(\\w+)\\s*(\\(.*\\))\\s*(throws [\\w.,\\s]+)?$");
    private static final Pattern COMPACT_CONSTRUCTOR = Pattern.compile("((public|private|protected)\\s+)?[A-Z]\\w*$");

    /** A method, a constructor, or the body of an enum's constant; a lambda is part of what it stands in. */
    record Function(String name, int firstLine, int lastLine) {
        int length() {
            return lastLine - firstLine + 1;
        }
    }

    static JavaSource of(String path, String text) {
        Splitter splitter = new Splitter(text);
        splitter.split();
        return new JavaSource(
                path, List.of(text.split("\n", -1)), splitter.code.toString(), splitter.comments.toString());
    }

    boolean isMain() {
        return path.contains("/src/main/");
    }

    boolean isTest() {
        return path.contains("/src/test/");
    }

    String packageName() {
        Matcher matcher = PACKAGE.matcher(code);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** {@code dev.vipd.vrrp.VrrpTimers}. */
    String className() {
        return packageName() + "." + path.substring(path.lastIndexOf('/') + 1).replace(".java", "");
    }

    int lineOf(int position) {
        return 1 + (int) code.substring(0, position).chars().filter(c -> c == '\n').count();
    }

    /** {@code path:line: text} for each place of the code that the pattern finds. */
    List<String> findings(Pattern pattern, String text) {
        List<String> all = new ArrayList<>();
        Matcher matcher = pattern.matcher(code);
        while (matcher.find()) {
            all.add(path + ":" + lineOf(matcher.start()) + ": " + text + ": " + matcher.group().strip());
        }
        return all;
    }

    List<Function> functions() {
        List<Function> all = new ArrayList<>();
        for (int open = code.indexOf('{'); open >= 0; open = code.indexOf('{', open + 1)) {
            int start = headerStart(open);
            String header = code.substring(start, open).strip();
            String name = functionName(header);
            if (!name.isEmpty()) {
                int first = start + code.substring(start, open).indexOf(header.charAt(0));
                all.add(new Function(name, lineOf(first), lineOf(closing(open))));
            }
        }
        return all;
    }

    /** Position of the brace that closes the one at {@code open}; the end of the text where there is none. */
    int closing(int open) {
        int depth = 0;
        for (int i = open; i < code.length(); i++) {
            depth += code.charAt(i) == '{' ? 1 : code.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return code.length() - 1;
    }

    private int headerStart(int open) {
        int i = open - 1;
        while (i >= 0 && ";{}".indexOf(code.charAt(i)) < 0) {
            i--;
        }
        return i + 1;
    }

    /** The name when this stands before a body of a method or constructor; else empty. */
    private static String functionName(String header) {
        if (COMPACT_CONSTRUCTOR.matcher(header).matches()) {
            return header.substring(header.lastIndexOf(' ') + 1);
        }
        Matcher matcher = HEADER_WITH_PARAMETERS.matcher(withoutAnnotations(header));
        if (!matcher.find() || NO_METHODS.contains(matcher.group(1))) {
            return "";
        }
        String before = withoutAnnotations(header).substring(0, matcher.start()).strip();
        boolean creates = Pattern.compile("\\b(new|record)$|[=.(,]$|->").matcher(before).find();
        return creates || before.contains("(") && !before.contains("<") ? "" : matcher.group(1);
    }

    private static String withoutAnnotations(String header) {
        return header.replaceAll("(?s)@\\w+(\\([^)]*\\))?\\s*", "").strip();
    }

    /** Parts text into code and comments. Knows strings, text blocks, characters, and both kinds of comment. */
    private static final class Splitter {
        private final String text;
        private final StringBuilder code = new StringBuilder();
        private final StringBuilder comments = new StringBuilder();
        private int at;

        Splitter(String text) {
            this.text = text;
        }

        void split() {
            while (at < text.length()) {
                if (text.startsWith("//", at)) {
                    take(text.indexOf('\n', at), false);
                } else if (text.startsWith("/*", at)) {
                    take(after("*/", at + 2), false);
                } else if (text.startsWith("\"\"\"", at)) {
                    literal(3, literalEnd("\"\"\"", at + 3));
                } else if (text.charAt(at) == '"' || text.charAt(at) == '\'') {
                    literal(1, literalEnd(text.substring(at, at + 1), at + 1));
                } else {
                    take(at + 1, true);
                }
            }
        }

        private int after(String mark, int from) {
            int found = text.indexOf(mark, from);
            return found < 0 ? -1 : found + mark.length();
        }

        private int literalEnd(String quote, int from) {
            for (int i = from; i < text.length(); i++) {
                if (text.charAt(i) == '\\') {
                    i++;
                } else if (text.startsWith(quote, i)) {
                    return i + quote.length();
                }
            }
            return text.length();
        }

        private void literal(int quotes, int end) {
            take(at + quotes, true);
            int inside = Math.max(at, end - quotes);
            blank(code, inside);
            blank(comments, inside);
            at = inside;
            take(end, true);
        }

        private void take(int endOrNone, boolean isCode) {
            int end = endOrNone < 0 ? text.length() : endOrNone;
            (isCode ? code : comments).append(text, at, end);
            blank(isCode ? comments : code, end);
            at = end;
        }

        private void blank(StringBuilder out, int end) {
            for (int i = at; i < end; i++) {
                out.append(text.charAt(i) == '\n' ? '\n' : ' ');
            }
        }
    }
}
