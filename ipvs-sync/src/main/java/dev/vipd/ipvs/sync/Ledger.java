package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.sync.IpvsMemory.Change;
import dev.vipd.ipvs.sync.IpvsMemory.Contents;
import java.util.Map;

/**
 * What of the kernel is ours, written down before it is and after it no longer is: when that changes, and again as long
 * as it could not be.
 */
final class Ledger {
    private final IpvsMemory memory;
    private volatile Contents now; // which is read by others, for people
    private boolean kept = true;

    Ledger(IpvsMemory memory) {
        this.memory = memory;
        now = memory.load();
    }

    /** Services with their names. */
    Map<ServiceKey, String> services() {
        return now.services();
    }

    void services(Map<ServiceKey, String> services) {
        if (!kept || !services.keySet().equals(now.services().keySet())) {
            put(new Contents(services, now.settings()));
        }
    }

    /** Settings that are not as they were found. */
    Map<String, Change> settings() {
        return now.settings();
    }

    void settings(Map<String, Change> settings) {
        if (!kept || !settings.equals(now.settings())) {
            put(new Contents(now.services(), settings));
        }
    }

    private void put(Contents contents) {
        now = contents;
        kept = memory.store(contents);
    }
}
