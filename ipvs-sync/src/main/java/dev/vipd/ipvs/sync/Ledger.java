package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.sync.IpvsMemory.Change;
import dev.vipd.ipvs.sync.IpvsMemory.Contents;
import java.util.Map;

/** What of the kernel is ours, written down before it is and after it no longer is, and only when that changes. */
final class Ledger {
    private final IpvsMemory memory;
    private Contents now;

    Ledger(IpvsMemory memory) {
        this.memory = memory;
        now = memory.load();
    }

    /** Services with their names. */
    Map<ServiceKey, String> services() {
        return now.services();
    }

    void services(Map<ServiceKey, String> services) {
        if (!services.keySet().equals(now.services().keySet())) {
            put(new Contents(services, now.settings()));
        }
    }

    /** Settings that are not as they were found. */
    Map<String, Change> settings() {
        return now.settings();
    }

    void settings(Map<String, Change> settings) {
        if (!settings.equals(now.settings())) {
            put(new Contents(now.services(), settings));
        }
    }

    private void put(Contents contents) {
        now = contents;
        memory.store(contents);
    }
}
