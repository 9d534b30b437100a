package dev.vipd.director.hooks;

import dev.vipd.director.config.Hook;
import dev.vipd.director.config.HookScript;
import dev.vipd.director.config.NotifyConfig;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.vrrp.TrackScriptConfig;
import dev.vipd.vrrp.script.ScriptLauncher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether the scripts of a configuration can be run on this host, and could be replaced by nobody. */
public final class HookChecks {
    private HookChecks() {}

    /** Each problem as {@code PATH: message}, with the path of the key; empty when there is none. */
    public static List<String> problems(VipdConfig config) {
        List<String> all = new ArrayList<>();
        for (TrackScriptConfig script : config.trackers().scripts()) {
            ScriptLauncher.problem(script.command(), script.user())
                    .ifPresent(why -> all.add("vrrp_scripts." + script.name() + ".script: " + why));
        }
        check("vrrp_instances.", config.hooks().instances(), all);
        check("vrrp_sync_groups.", config.hooks().groups(), all);
        return all;
    }

    private static void check(String section, Map<String, NotifyConfig> owners, List<String> all) {
        new TreeMap<>(owners).forEach((name, owner) -> {
            for (Map.Entry<Hook, HookScript> entry : new TreeMap<>(owner.scripts()).entrySet()) {
                ScriptLauncher.problem(entry.getValue().command(), entry.getValue().runAs())
                        .ifPresent(why -> all.add(section + name + "." + entry.getKey().key() + ": " + why));
            }
        });
    }
}
