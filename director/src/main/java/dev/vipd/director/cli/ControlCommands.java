package dev.vipd.director.cli;

import dev.vipd.director.control.ControlClient;
import java.io.PrintStream;
import java.util.List;

/** Commands that only ask the running daemon. */
final class ControlCommands {
    private static final int NOT_RUNNING = 3;

    private static final long MS_PER_SECOND = 1_000;

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

    /** {@code drain}, with {@code --wait} until that has come to its end. */
    static int drain(String synopsis, Args args, PrintStream out, PrintStream err) throws Exception {
        long seconds = seconds(args);
        int status = server("drain", synopsis, args, out, err);
        if (status != 0 || !args.has(Main.WAIT)) {
            return status;
        }
        try {
            return waitUntilDrained(seconds, args, out, err);
        } catch (ControlClient.NotRunningException e) {
            err.println("vipd drain: " + e.getMessage());
            return NOT_RUNNING;
        }
    }

    private static int waitUntilDrained(long seconds, Args args, PrintStream out, PrintStream err) throws Exception {
        String last = "";
        for (long waited = 0; waited <= seconds; waited++) {
            ControlClient.Response now =
                    ControlClient.ask(args.socket(), "drained " + String.join(" ", args.operands()));
            String text = now.text().strip();
            if (!now.ok() || !text.startsWith("DRAIN ")) {
                boolean drained = now.ok() && text.equals("DRAINED");
                (drained ? out : err).println(drained ? "drained" : "the drain was ended: " + text);
                return drained ? 0 : Cli.FAILED;
            }
            last = text.substring("DRAIN ".length());
            out.println(last);
            Thread.sleep(MS_PER_SECOND);
        }
        err.println("vipd drain: not drained after " + seconds + " s: " + last + "; the drain goes on");
        return Cli.FAILED;
    }

    private static long seconds(Args args) throws UsageException {
        if (!args.has(Main.WAIT) && args.has(Main.TIMEOUT)) {
            throw new UsageException("--timeout goes with --wait");
        }
        try {
            long seconds = Long.parseLong(args.value(Main.TIMEOUT).orElse(String.valueOf(Long.MAX_VALUE)));
            if (seconds > 0) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // as said below
        }
        throw new UsageException("--timeout is a number of seconds, 1 or more");
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
