package dev.vipd.director.cli;

import dev.vipd.director.Director;
import dev.vipd.director.Signals;
import dev.vipd.director.config.ConfigLoader;
import dev.vipd.director.config.ConfigResult;
import dev.vipd.director.events.EventLog;
import dev.vipd.director.hooks.HookChecks;
import dev.vipd.netlink.script.Accounts;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** {@code vipd run}: the daemon in the foreground. Events go to standard output, why it can't start to errors. */
final class RunCommand {
    static final String DEFAULT_CONFIG = "/etc/vipd/vipd.yaml";

    private RunCommand() {}

    static int run(Args args, PrintStream out, PrintStream err) throws Exception {
        args.noOperands();
        Path file = Path.of(args.value(Main.CONFIG).orElse(DEFAULT_CONFIG));
        ConfigResult result = HookChecks.add(ConfigLoader.load(file), file.toString(), Accounts.read());
        result.findings().forEach(err::println);
        if (result.config().isEmpty()) {
            return Cli.FAILED;
        }
        String node = result.config().get().global().routerId();
        try (EventLog log = EventLog.open(node, new FileOutputStream(FileDescriptor.out))) {
            Director director = new Director(
                    file, result.config().get(), args.has(Main.DRY_RUN), log, (what, cause) -> {
                        err.println("vipd: " + what);
                        cause.printStackTrace(err);
                    });
            Signals.on("TERM", director::requestStop);
            Signals.on("INT", director::requestStop);
            Signals.on("HUP", director::requestReload);
            return director.run() ? 0 : Cli.FAILED;
        } catch (IOException e) {
            err.println("vipd: " + e.getMessage());
            return Cli.FAILED;
        }
    }
}
