package dev.vipd.ipvs.sync;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What is told of settings: each change with who is to blame for it, each failure once until it is another. */
final class SettingNews {
    private static final String DRIFT = "drift";

    private final IpvsListener listener;
    /** What we saw each of ours at last, as it was to be: what differs from this somebody else has changed. */
    private final Map<String, String> left = new HashMap<>();
    private final Map<String, String> failed = new HashMap<>();

    SettingNews(IpvsListener listener) {
        this.listener = listener;
    }

    /** It was changed. */
    void changed(String key, String from, String to, String why) {
        boolean drift = to.equals(left.get(key));
        settled(key, to);
        listener.onSetting(key, from, to, drift ? DRIFT : why);
    }

    /** It is as it is to be. */
    void settled(String key, String as) {
        left.put(key, as);
        failed.remove(key);
    }

    /** It could not be changed. */
    void failed(String key, String to, String why) {
        if (!(to + ": " + why).equals(failed.put(key, to + ": " + why))) {
            listener.onSettingFailed(key, to, why);
        }
    }

    /** What of this prefix could not be set and nobody wants any more is told anew when somebody wants it again. */
    void forgetFailed(String prefix, Set<String> wantedKeys) {
        failed.keySet().removeIf(key -> key.startsWith(prefix) && !wantedKeys.contains(key));
    }

    /** It is no longer ours. */
    void forget(String key) {
        left.remove(key);
        failed.remove(key);
    }
}
