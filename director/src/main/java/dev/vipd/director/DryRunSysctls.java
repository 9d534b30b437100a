package dev.vipd.director;

import dev.vipd.ipvs.kernel.IpvsSysctls;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The kernel's settings as they would be: what they are, with the changes that were not made. */
final class DryRunSysctls implements IpvsSysctls {
    private final IpvsSysctls kernel;
    private final Map<String, String> changed = new HashMap<>();

    DryRunSysctls(IpvsSysctls kernel) {
        this.kernel = kernel;
    }

    @Override
    public Optional<String> get(String name) throws IOException {
        Optional<String> now = kernel.get(name);
        return now.isPresent() && changed.containsKey(name) ? Optional.of(changed.get(name)) : now;
    }

    @Override
    public void set(String name, String value) {
        changed.put(name, value);
    }
}
