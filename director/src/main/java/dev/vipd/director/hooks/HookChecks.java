package dev.vipd.director.hooks;

import dev.vipd.director.config.ConfigResult;
import dev.vipd.director.config.Finding;
import dev.vipd.director.config.Hook;
import dev.vipd.director.config.HookScript;
import dev.vipd.director.config.NotifyConfig;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.netlink.script.Accounts;
import dev.vipd.netlink.script.RunAs;
import dev.vipd.netlink.script.ScriptLauncher;
import dev.vipd.vrrp.TrackScriptConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether the scripts of a configuration can be run on this host, and could be replaced by nobody. */
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
     * A configuration with what is wrong with its scripts, at the line of the block they stand in.
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
        checks.findings.sort(Comparator.comparingInt(Finding::line));
        return new ConfigResult(Optional.empty(), checks.findings);
    }

    private void all() {
        for (TrackScriptConfig script : config.trackers().scripts()) {
            check("vrrp_scripts." + script.name(), "script", script.command(), script.user());
        }
        config.hooks().fifos().forEach(fifo -> fifo.reader().ifPresent(reader ->
                check("global", "notify_fifo_script", reader.command(), reader.runAs())));
        owners("vrrp_instances.", config.hooks().instances());
        owners("vrrp_sync_groups.", config.hooks().groups());
    }

    private void owners(String section, Map<String, NotifyConfig> owners) {
        new TreeMap<>(owners).forEach((name, owner) -> {
            for (Map.Entry<Hook, HookScript> entry : new TreeMap<>(owner.scripts()).entrySet()) {
                check(section + name, entry.getKey().key(), entry.getValue().command(), entry.getValue().runAs());
            }
        });
    }

    private void check(String block, String key, List<String> command, Optional<RunAs> runAs) {
        ScriptLauncher.problem(command, runAs, accounts).ifPresent(why -> findings.add(new Finding(
                file, config.lines().getOrDefault(block, 1), 1, block + "." + key, Finding.Severity.ERROR, why)));
    }
}
