package dev.vipd.director.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * One command of {@code vipd}.
 *
 * @param name     as typed
 * @param synopsis operands and main options, for example {@code NODE=LOG...}
 * @param summary  one line for the help
 * @param operands what they are, one a line; may be empty
 * @param options  its own; those that all commands have are added
 * @param exits    exit statuses, one a line
 * @param handler  what it does
 */
public record Command(
        String name,
        String synopsis,
        String summary,
        List<String> operands,
        List<Option> options,
        List<String> exits,
        Handler handler) {
    /** One whose operands need no explanation. */
    public Command(
            String name, String synopsis, String summary, List<Option> options, List<String> exits, Handler handler) {
        this(name, synopsis, summary, List.of(), options, exits, handler);
    }

    public Command {
        operands = List.copyOf(operands);
        options = List.copyOf(options);
        exits = List.copyOf(exits);
    }

    List<Option> allOptions() {
        List<Option> all = new ArrayList<>(options);
        all.addAll(Option.COMMON);
        return all;
    }

    String help() {
        StringBuilder help = new StringBuilder("Usage: vipd " + usage() + "\n\n" + summary + ".\n\n");
        operands.forEach(operand -> help.append("  ").append(operand).append('\n'));
        help.append(operands.isEmpty() ? "" : "\n").append("Options:\n");
        int width = allOptions().stream().mapToInt(option -> option.usage().length()).max().orElse(0);
        for (Option option : allOptions()) {
            help.append("  ").append(pad(option.usage(), width)).append("  ").append(option.summary()).append('\n');
        }
        help.append("\nExit status:\n");
        exits.forEach(exit -> help.append("  ").append(exit).append('\n'));
        help.append("  ").append(Cli.USAGE).append(" the command line can't be understood\n");
        return help.toString();
    }

    String usage() {
        return synopsis.isEmpty() ? name : name + " " + synopsis;
    }

    static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
