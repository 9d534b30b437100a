package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.ServiceKey;
import java.util.Map;

/** What of the kernel is ours, kept where the end of the process does not reach it. Called by one thread at a time. */
public interface IpvsMemory {
    /** Forgets everything. */
    IpvsMemory NONE = new IpvsMemory() {
        @Override
        public Contents load() {
            return Contents.EMPTY;
        }

        @Override
        public boolean store(Contents contents) {
            return true;
        }
    };

    /** What was stored last, unless the kernel or the network namespace is another since: then nothing is ours. */
    Contents load();

    /**
     * Keeps it. A failure is the implementation's to tell: the reconciler goes on all the same.
     *
     * @return whether it did; if not, it is asked again
     */
    boolean store(Contents contents);

    /**
     * What is ours.
     *
     * @param services that we put into the table, or may have, with the names of their virtual servers
     * @param settings that we changed, by their keys in {@link IpvsListener#onSetting}
     */
    record Contents(Map<ServiceKey, String> services, Map<String, Change> settings) {
        /** Nothing. */
        public static final Contents EMPTY = new Contents(Map.of(), Map.of());

        public Contents {
            services = Map.copyOf(services);
            settings = Map.copyOf(settings);
        }
    }

    /**
     * A setting that we changed.
     *
     * @param before what it was, and is to be again
     * @param ours   what we made of it
     */
    record Change(String before, String ours) {}
}
