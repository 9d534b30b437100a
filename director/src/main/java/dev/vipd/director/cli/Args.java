package dev.vipd.director.cli;

import dev.vipd.director.config.GlobalConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The arguments of one command, taken apart: options and what is left. */
public final class Args {
    private static final Pattern OPTION = Pattern.compile("-[^0-9]");

    private final Map<Option, List<String>> options = new LinkedHashMap<>();
    private final List<String> operands = new ArrayList<>();

    /**
     * Understands {@code -c FILE}, {@code --config FILE}, {@code --config=FILE}; options and operands in any order;
     * after {@code --} all are operands, and {@code -} and negative numbers always are.
     *
     * @throws UsageException for an unknown option, a missing or a superfluous value
     */
    static Args parse(List<String> words, List<Option> known) throws UsageException {
        Args args = new Args();
        boolean onlyOperands = false;
        for (int at = 0; at < words.size(); at++) {
            String word = words.get(at);
            if (onlyOperands || !OPTION.matcher(word).lookingAt()) {
                args.operands.add(word);
                continue;
            }
            if (word.equals("--")) {
                onlyOperands = true;
                continue;
            }
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String name = equals < 0 ? word : word.substring(0, equals);
            Option option = find(name, known);
            String value = "";
            if (option.takesValue()) {
                if (equals < 0 && ++at == words.size()) {
                    throw new UsageException("option " + name + " needs a value: " + option.usage());
                }
                value = equals < 0 ? words.get(at) : word.substring(equals + 1);
            } else if (equals >= 0) {
                throw new UsageException("option " + name + " takes no value");
            }
            args.options.computeIfAbsent(option, first -> new ArrayList<>()).add(value);
        }
        return args;
    }

    private static Option find(String name, List<Option> known) throws UsageException {
        for (Option option : known) {
            if (option.names().contains(name)) {
                return option;
            }
        }
        List<String> names = known.stream().flatMap(option -> option.names().stream()).toList();
        throw UsageException.unknown("option", name, names);
    }

    /** Whether the option was given. */
    public boolean has(Option option) {
        return options.containsKey(option);
    }

    /** The value of an option; the last one if it was given more than once. */
    public Optional<String> value(Option option) {
        return values(option).isEmpty() ? Optional.empty() : Optional.of(values(option).getLast());
    }

    /** Its values in the order given; an option may stand more than once. */
    public List<String> values(Option option) {
        return List.copyOf(options.getOrDefault(option, List.of()));
    }

    /** {@code --json}. */
    public boolean json() {
        return has(Option.JSON);
    }

    /** {@code --socket}, or where the daemon has its control socket by default. */
    public Path socket() {
        return Path.of(value(Option.SOCKET).orElse(GlobalConfig.DEFAULT_CONTROL_SOCKET));
    }

    /** What is neither an option nor the value of one. */
    public List<String> operands() {
        return List.copyOf(operands);
    }

    /**
     * The only operand.
     *
     * @param name as in the synopsis, for the message
     * @throws UsageException when there is none, or more than one
     */
    public String operand(String name) throws UsageException {
        if (operands.isEmpty()) {
            throw new UsageException(name + " is missing");
        }
        if (operands.size() > 1) {
            throw new UsageException("one " + name + " is enough, " + operands.size() + " are given");
        }
        return operands.getFirst();
    }

    /** @throws UsageException when there is any operand */
    public void noOperands() throws UsageException {
        if (!operands.isEmpty()) {
            throw new UsageException("takes no operand, " + operands.getFirst() + " is given");
        }
    }
}
