package dev.vipd.director.cli;

import dev.vipd.director.control.ControlClient;
import java.io.PrintStream;
import java.util.List;

/** Commands that only ask the running daemon. */
final class ControlCommands {
    private static final int NOT_RUNNING = 3;

    private ControlCommands() {}

    static int status(Args args, PrintStream out, PrintStream err) throws Exception {
        args.noOperands();
        return ask(args, args.json() ? "status json" : "status", out, err);
    }

    static int reload(Args args, PrintStream out, PrintStream err) throws Exception {
        args.noOperands();
        return ask(args, "reload", out, err);
    }

    static int failover(Args args, PrintStream out, PrintStream err) throws Exception {
        return ask(args, "failover " + args.operand("INSTANCE"), out, err);
    }

    static int maintenance(Args args, PrintStream out, PrintStream err) throws Exception {
        List<String> words = args.operands();
        if (words.isEmpty() || words.size() > 2 || !List.of("on", "off").contains(words.getFirst())) {
            throw new UsageException("give on or off, and then an instance or nothing for the whole node");
        }
        return ask(args, "maintenance " + String.join(" ", words), out, err);
    }

    /** {@code drain}, {@code disable}, {@code enable} and {@code weight}. */
    static int server(String name, String synopsis, Args args, PrintStream out, PrintStream err) throws Exception {
        if (args.operands().size() != synopsis.split(" ").length) {
            throw new UsageException("give " + synopsis);
        }
        return ask(args, name + " " + String.join(" ", args.operands()), out, err);
    }

    private static int ask(Args args, String command, PrintStream out, PrintStream err) throws Exception {
        try {
            ControlClient.Response response = ControlClient.ask(args.socket(), command);
            (response.ok() ? out : err).print(response.text());
            return response.ok() ? 0 : Cli.FAILED;
        } catch (ControlClient.NotRunningException e) {
            err.println("vipd " + command.split(" ")[0] + ": " + e.getMessage());
            return NOT_RUNNING;
        }
    }
}
