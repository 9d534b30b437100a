package dev.vipd.director.doctor;

import dev.vipd.director.config.ConfigResult;
import dev.vipd.director.config.Finding;
import dev.vipd.director.config.VipdConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All checks: facts in, findings out. */
public final class Doctor {
    private static final String CONFIG = "config";

    private Doctor() {}

    /** What {@code vipd check} finds. */
    public static List<Diagnosis> ofConfiguration(ConfigResult result, String file) {
        List<Diagnosis> all = new ArrayList<>();
        for (Finding finding : result.findings()) {
            String where = finding.file() + ":" + finding.line() + ":" + finding.column();
            String what = (finding.path().isEmpty() ? "" : finding.path() + ": ") + finding.message();
            String mend = "edit it, then vipd check " + file;
            all.add(finding.isError()
                    ? Diagnosis.error(CONFIG, what, where, "vipd does not start or reload with it", mend)
                    : Diagnosis.warn(CONFIG, what, where, "it is taken, but may not be what was meant", mend));
        }
        if (all.isEmpty()) {
            all.add(Diagnosis.ok(CONFIG, file + " is valid"));
        }
        return all;
    }

    /** What is wrong with this host and on the wire for a configuration; errors first. */
    public static List<Diagnosis> ofHost(VipdConfig config, Facts facts) {
        Scene scene = new Scene(config, facts.network());
        List<Diagnosis> all = new ArrayList<>();
        all.addAll(ModuleChecks.all(scene, facts));
        all.addAll(VipChecks.all(scene));
        all.addAll(WayChecks.all(scene, facts));
        all.addAll(ForwardingChecks.all(scene, facts));
        all.addAll(LoopChecks.all(scene, facts));
        all.addAll(SyncChecks.all(scene, facts));
        all.addAll(ArpChecks.all(scene, facts));
        return all.stream().sorted(Comparator.comparing(Diagnosis::severity)).toList();
    }
}
