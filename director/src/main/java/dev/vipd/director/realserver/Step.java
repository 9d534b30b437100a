package dev.vipd.director.realserver;

import java.util.List;
import java.util.Optional;

/** One thing to be done on a real server. */
public sealed interface Step {
    /** Why, for people; one line. */
    String comment();

    /** A line of POSIX shell that does it unless it is so already. */
    String shell();

    /** Takes it back, as a line of shell; empty: nothing is to be taken back. */
    Optional<String> inverse();

    /**
     * How to see whether it is so: the command succeeds and writes a line that fits.
     *
     * @param command the program and its arguments
     * @param pattern a basic regular expression that Java and grep understand alike; empty: success will do
     */
    record Look(List<String> command, String pattern) {
        String shell() {
            String words = String.join(" ", command);
            return pattern.isEmpty() ? words + " >/dev/null 2>&1" : words + " 2>/dev/null | grep -q '" + pattern + "'";
        }
    }

    /**
     * A program is run.
     *
     * @param undo the command that takes it back; empty: it stays
     */
    record Run(String comment, Look look, List<String> command, List<String> undo) implements Step {
        static Run of(String comment, Look look, String command, String undo) {
            return new Run(comment, look, words(command), words(undo));
        }

        @Override
        public String shell() {
            return look.shell() + " || " + String.join(" ", command);
        }

        @Override
        public Optional<String> inverse() {
            return undo.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", undo));
        }
    }

    /**
     * A setting of the kernel.
     *
     * @param key    its path below /proc/sys
     * @param value  what to write
     * @param enough values that do as well, {@code value} among them
     */
    record Setting(String comment, String key, String value, List<String> enough) implements Step {
        @Override
        public String shell() {
            return "case $(cat /proc/sys/" + key + ") in " + String.join("|", enough) + ") ;; *) echo " + value
                    + " >/proc/sys/" + key + " ;; esac";
        }

        @Override
        public Optional<String> inverse() {
            return Optional.of("echo BEFORE >/proc/sys/" + key + "    # what it was");
        }
    }

    /** The words of a command without quotes. */
    static List<String> words(String command) {
        return command.isEmpty() ? List.of() : List.of(command.split(" "));
    }
}
