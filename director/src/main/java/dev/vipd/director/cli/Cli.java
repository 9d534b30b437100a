package dev.vipd.director.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Properties;

/**
 * Finds the command, takes its arguments apart, runs it. Start-up counts here, so nothing of Netty, snakeyaml or the
 * logging is touched before a handler needs it.
 */
public final class Cli {
    /** Exit status of what could not be done, unless a command says otherwise. */
    public static final int FAILED = 1;
    /** Exit status of a command line that can't be understood: EX_USAGE of sysexits.h. */
    public static final int USAGE = 64;

    private static final String VERSION_FILE = "/META-INF/maven/dev.vipd/vipd-director/pom.properties";

    private final List<Command> commands;

    public Cli(List<Command> commands) {
        this.commands = List.copyOf(commands);
    }

    /** @return the exit status */
    public int run(List<String> words, PrintStream out, PrintStream err) {
        if (words.isEmpty()) {
            err.print(help());
            return USAGE;
        }
        String first = words.getFirst();
        switch (first) {
            case "-h", "--help", "help" -> {
                out.print(help());
                return 0;
            }
            case "-V", "--version" -> {
                out.println("vipd " + version());
                return 0;
            }
            default -> {
                return command(first, words.subList(1, words.size()), out, err);
            }
        }
    }

    private int command(String name, List<String> words, PrintStream out, PrintStream err) {
        String prefix = "vipd";
        String help = "vipd --help";
        try {
            Command command = find(name);
            prefix = "vipd " + name;
            help = prefix + " --help";
            Args args = Args.parse(words, command.allOptions());
            if (args.has(Option.HELP)) {
                out.print(command.help());
                return 0;
            }
            return command.handler().run(args, out, err);
        } catch (UsageException e) {
            err.println(prefix + ": " + e.getMessage() + " (see " + help + ")");
            return USAGE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            err.println(prefix + ": interrupted");
            return FAILED;
        } catch (Exception e) {
            err.println(prefix + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return FAILED;
        }
    }

    private Command find(String name) throws UsageException {
        for (Command command : commands) {
            if (command.name().equals(name)) {
                return command;
            }
        }
        String what = name.startsWith("-") ? "option" : "command";
        List<String> known = what.equals("option")
                ? List.of("--help", "--version")
                : commands.stream().map(Command::name).toList();
        throw UsageException.unknown(what, name, known);
    }

    private String help() {
        StringBuilder help = new StringBuilder("Usage: vipd COMMAND [OPTION...]\n\nCommands:\n");
        int width = commands.stream().mapToInt(command -> command.usage().length()).max().orElse(0);
        for (Command command : commands) {
            help.append("  ").append(Command.pad(command.usage(), width)).append("  ").append(command.summary())
                    .append('\n');
        }
        help.append("\nvipd COMMAND --help explains one command, vipd --version shows the version.\n");
        return help.toString();
    }

    /** As the build wrote it into the jar; {@code unknown} when run from a directory of classes. */
    public static String version() {
        try (InputStream in = Cli.class.getResourceAsStream(VERSION_FILE)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
