package dev.vipd.director.cli;

import dev.vipd.director.config.Spelling;
import java.util.List;

/** The command line can't be understood. The message is one line, without the command's name. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }

    static UsageException unknown(String what, String word, List<String> known) {
        return new UsageException("unknown " + what + " " + Spelling.quote(word)
                + Spelling.nearest(word, known).map(near -> "; did you mean " + near + "?")
                        .orElse("; known: " + String.join(", ", known)));
    }
}
