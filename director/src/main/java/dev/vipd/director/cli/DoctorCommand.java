package dev.vipd.director.cli;

import dev.vipd.director.config.ConfigLoader;
import dev.vipd.director.config.ConfigResult;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.director.doctor.Diagnosis;
import dev.vipd.director.doctor.Doctor;
import dev.vipd.director.doctor.Facts;
import dev.vipd.director.doctor.Report;
import dev.vipd.director.doctor.io.Gatherer;
import dev.vipd.director.hooks.HookChecks;
import dev.vipd.director.json.Json;
import dev.vipd.netlink.script.Accounts;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code vipd doctor}: looks for what keeps clients from an answer, on this host and on the wire. */
final class DoctorCommand {
    private DoctorCommand() {}

    static int run(Args args, PrintStream out, PrintStream err) throws Exception {
        args.noOperands();
        String file = args.value(Main.CONFIG).orElse(RunCommand.DEFAULT_CONFIG);
        ConfigResult result = HookChecks.add(ConfigLoader.load(Path.of(file)), file, Accounts.readAsRoot());
        List<Diagnosis> findings = new ArrayList<>(Doctor.ofConfiguration(result, file));
        boolean daemon = false;
        if (result.config().isPresent()) {
            VipdConfig config = result.config().get();
            Facts facts = Gatherer.gather(
                    config, Path.of(args.value(Option.SOCKET).orElse(config.global().controlSocket())));
            daemon = facts.daemon();
            findings.addAll(Doctor.ofHost(config, facts));
        }
        Report report = Report.of(file, daemon, findings);
        out.print(args.json() ? Json.pretty(report) + "\n" : report.text());
        return report.ok() ? 0 : Cli.FAILED;
    }
}
