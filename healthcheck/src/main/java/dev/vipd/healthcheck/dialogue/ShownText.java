package dev.vipd.healthcheck.dialogue;

/** What a server sent, made fit for a line that people read. */
final class ShownText {
    private ShownText() {}

    /** Without control characters, and cut to {@code max} characters, the last of which is then an ellipsis. */
    static String of(CharSequence text, int max) {
        boolean cut = text.length() > max;
        StringBuilder shown = new StringBuilder(Math.min(text.length(), max));
        int kept = cut ? max - 1 : text.length();
        for (int i = 0; i < kept; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028' ? '?' : c);
        }
        return cut ? shown.append('…').toString() : shown.toString();
    }
}
