package dev.vipd.director.hooks;

import dev.vipd.director.config.ConfigResult;
import dev.vipd.director.config.Finding;
import dev.vipd.director.config.HostFiles;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.netlink.script.Accounts;
import dev.vipd.netlink.script.ScriptLauncher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Whether the scripts of a configuration can be run on this host, and could be replaced by nobody; and whether the PEM
 * files that its checks name can be used.
 */
public final class HookChecks {
    private final VipdConfig config;
    private final Accounts accounts;
    private final String file;
    private final List<Finding> findings = new ArrayList<>();

    private HookChecks(VipdConfig config, Accounts accounts, String file) {
        this.config = config;
        this.accounts = accounts;
        this.file = file;
    }

    /**
     * A configuration with what is wrong with its scripts and its PEM files, where they are named.
     *
     * @param read     what became of the file
     * @param file     its name, for the findings
     * @param accounts as the daemon sees them
     */
    public static ConfigResult add(ConfigResult read, String file, Accounts accounts) {
        if (read.config().isEmpty()) {
            return read;
        }
        HookChecks checks = new HookChecks(read.config().get(), accounts, file);
        checks.all();
        if (checks.findings.isEmpty()) {
            return read;
        }
        checks.findings.addAll(read.findings());
        checks.findings.sort(Comparator.comparingInt(Finding::line).thenComparingInt(Finding::column));
        return new ConfigResult(Optional.empty(), checks.findings);
    }

    private void all() {
        for (HostFiles.Script script : config.files().scripts()) {
            ScriptLauncher.problem(script.command(), script.runAs(), accounts)
                    .ifPresent(why -> add(script.place(), why));
        }
        CertificateChecks.all(config.files(), this::add);
    }

    private void add(HostFiles.Place place, String why) {
        findings.add(new Finding(
                file, place.at().line(), place.at().column(), place.path(), Finding.Severity.ERROR, why));
    }
}
