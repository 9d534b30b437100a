package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.kernel.IpvsSysctls;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Settings of a kernel, some of which take only numbers up to 3. Thread-safe. */
final class FakeSysctls implements IpvsSysctls {
    private final Map<String, String> values;

    FakeSysctls(Map<String, String> values) {
        this.values = new HashMap<>(values);
    }

    /** Others set it, or the module comes with it. */
    synchronized void put(String name, String value) {
        values.put(name, value);
    }

    /** The module goes. */
    synchronized void clear() {
        values.clear();
    }

    synchronized String now(String name) {
        return values.get(name);
    }

    @Override
    public synchronized Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    @Override
    public synchronized void set(String name, String value) throws IOException {
        if (name.startsWith("drop_") && !value.matches("[0-3]")) {
            throw new IOException("set net/ipv4/vs/" + name + " to " + value + ": Invalid argument");
        }
        values.put(name, value);
    }
}
