package dev.vipd.director;

import dev.vipd.director.config.ServiceConfig;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many blocks two configurations differ in.
 *
 * @param added   only in the new one
 * @param removed only in the old one
 * @param changed in both, and different
 */
record Changes(int added, int removed, int changed) {
    static Changes between(VipdConfig before, VipdConfig after) {
        Map<String, Object> old = blocks(before);
        Map<String, Object> now = blocks(after);
        int added = (int) now.keySet().stream().filter(name -> !old.containsKey(name)).count();
        int removed = (int) old.keySet().stream().filter(name -> !now.containsKey(name)).count();
        int changed = (int) now.entrySet().stream()
                .filter(entry -> old.containsKey(entry.getKey()))
                .filter(entry -> !old.get(entry.getKey()).equals(entry.getValue()))
                .count();
        return new Changes(added, removed, changed);
    }

    private static Map<String, Object> blocks(VipdConfig config) {
        Map<String, Object> blocks = new HashMap<>();
        for (VirtualRouterConfig instance : config.instances()) {
            blocks.put("instance " + instance.name(), instance);
        }
        for (ServiceConfig service : config.services()) {
            blocks.put("service " + service.server().name(), service);
        }
        config.trackers().scripts().forEach(script -> blocks.put("script " + script.name(), script));
        config.trackers().processes().forEach(process -> blocks.put("process " + process.name(), process));
        config.trackers().files().forEach(file -> blocks.put("file " + file.name(), file));
        config.trackers().pings().forEach(ping -> blocks.put("ping " + ping.name(), ping));
        config.syncGroups().forEach(group -> blocks.put("group " + group.name(), group));
        blocks.put("interface delays", config.trackers().interfaceDelays());
        blocks.put("static items", config.statics());
        blocks.put("hooks", config.hooks());
        blocks.put("global", List.of(config.global(), config.lvs()));
        return blocks;
    }

    @Override
    public String toString() {
        return added + " added, " + removed + " removed, " + changed + " changed";
    }
}
