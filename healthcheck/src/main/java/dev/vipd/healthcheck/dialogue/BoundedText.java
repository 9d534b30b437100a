package dev.vipd.healthcheck.dialogue;

import java.util.regex.Pattern;

/**
 * Text for a regular expression that can be looked at so many times only. {@link Pattern} tries alternatives by going
 * back, which with some expressions takes hours on a short text; each try reads a character, so the reads are counted.
 */
final class BoundedText implements CharSequence {
    static final String TOO_MANY_STEPS = "regex took too many steps";

    /** How a search ended. */
    enum Found {
        MATCH,
        NONE,
        TOO_MANY_STEPS
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1;
        private static final TooManySteps INSTANCE = new TooManySteps();

        private TooManySteps() {
            super(TOO_MANY_STEPS, null, false, false);
        }
    }

    private final CharSequence text;
    private int stepsLeft;

    /** @param steps for all searches in it together */
    BoundedText(CharSequence text, int steps) {
        this.text = text;
        this.stepsLeft = steps;
    }

    /** Whether the pattern matches anywhere in the text as it is now. Recursion too deep for the stack counts too. */
    Found find(Pattern pattern) {
        try {
            return pattern.matcher(this).find() ? Found.MATCH : Found.NONE;
        } catch (TooManySteps | StackOverflowError _) {
            return Found.TOO_MANY_STEPS;
        }
    }

    @Override
    public char charAt(int index) {
        if (--stepsLeft < 0) {
            throw TooManySteps.INSTANCE;
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
