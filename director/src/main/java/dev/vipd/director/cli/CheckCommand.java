package dev.vipd.director.cli;

import dev.vipd.director.config.ConfigLoader;
import dev.vipd.director.config.ConfigResult;
import dev.vipd.director.config.Finding;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.director.hooks.HookChecks;
import dev.vipd.director.json.Json;
import dev.vipd.netlink.script.Accounts;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** {@code vipd check FILE}: validates a configuration without a daemon. */
public final class CheckCommand {
    private CheckCommand() {}

    /** The answer as JSON; the counts are 0 when the file is refused. */
    private record Report(
            String file,
            boolean ok,
            long errors,
            long warnings,
            int instances,
            int services,
            int realServers,
            List<Finding> findings) {}

    /** Prints every finding and a summary on {@code out}. Returns 0, or 1 when there is an error. */
    public static int run(Args args, PrintStream out, PrintStream err) throws UsageException {
        String file = args.operand("FILE");
        ConfigResult result = HookChecks.add(ConfigLoader.load(Path.of(file)), file, Accounts.readAsRoot());
        Report report = new Report(
                file,
                result.config().isPresent(),
                result.errors(),
                result.warnings(),
                result.config().map(c -> c.instances().size()).orElse(0),
                result.config().map(c -> c.services().size()).orElse(0),
                result.config().map(CheckCommand::realServers).orElse(0),
                result.findings());
        if (args.json()) {
            out.println(Json.pretty(report));
        } else {
            result.findings().forEach(out::println);
            out.println(summary(report));
        }
        return report.ok() ? 0 : Cli.FAILED;
    }

    private static int realServers(VipdConfig config) {
        return config.services().stream().mapToInt(service -> service.server().realServers().size()).sum();
    }

    private static String summary(Report report) {
        String warnings = report.warnings() == 0 ? "" : ", " + count(report.warnings(), "warning");
        return report.ok()
                ? report.file() + ": OK: " + count(report.instances(), "instance") + ", "
                        + count(report.services(), "service") + ", " + count(report.realServers(), "real server")
                        + warnings
                : report.file() + ": " + count(report.errors(), "error") + warnings;
    }

    private static String count(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }
}
