package dev.vipd.director.cli;

import java.util.List;

/**
 * One option of a command.
 *
 * @param names    all spellings, the long one last: {@code -c}, {@code --config}
 * @param argument what stands for its value in the help, for example {@code FILE}; empty: it is a switch
 * @param summary  one line for the help
 */
public record Option(List<String> names, String argument, String summary) {
    public static final Option SOCKET =
            new Option(List.of("--socket"), "PATH", "control socket of the daemon (default /run/vipd/control.sock)");
    public static final Option JSON = new Option(List.of("--json"), "", "print JSON instead of text");
    public static final Option HELP = new Option(List.of("-h", "--help"), "", "show this help");

    /** What every command takes. */
    static final List<Option> COMMON = List.of(SOCKET, JSON, HELP);

    public Option {
        names = List.copyOf(names);
    }

    boolean takesValue() {
        return !argument.isEmpty();
    }

    /** {@code -c, --config FILE}. */
    String usage() {
        return String.join(", ", names) + (takesValue() ? " " + argument : "");
    }
}
