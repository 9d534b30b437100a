package dev.vipd.netlink.sys;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kernel settings under /proc/sys/net that are changed for a while: what they were is remembered and put back. Not
 * thread-safe.
 */
public final class Sysctls {
    private record Change(String before, String ours) {}

    private static final int VALUE_BYTES_MAX = 4096;

    private final Path root;
    private final Map<String, Change> changes = new LinkedHashMap<>();

    public Sysctls() {
        this(Path.of("/proc/sys/net"));
    }

    /** @param root directory that stands for /proc/sys/net */
    Sysctls(Path root) {
        this.root = root;
    }

    /** @param key for example {@code ipv4/conf/eth0/arp_ignore}; empty: this kernel has no such setting */
    public Optional<String> get(String key) throws IOException {
        try {
            return Optional.of(read(key));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** By one read: the kernel has nothing more for a second, and what fitted into the first would be cut. */
    private String read(String key) throws IOException {
        try (InputStream in = Files.newInputStream(root.resolve(key))) {
            return new String(in.readNBytes(VALUE_BYTES_MAX), StandardCharsets.US_ASCII).strip();
        }
    }

    /**
     * Sets it until {@link #restore}.
     *
     * @throws IOException with a message that names the setting
     */
    public void set(String key, String value) throws IOException {
        try {
            String now = read(key);
            if (!now.equals(value)) {
                Files.writeString(root.resolve(key), value);
                Change known = changes.get(key);
                changes.put(key, new Change(known == null ? now : known.before(), value));
            }
        } catch (IOException e) {
            throw new IOException("set net/" + key + " to " + value + ": " + e.getMessage(), e);
        }
    }

    /** Puts it back, unless somebody else has set it to yet another value, or its interface has gone. */
    public void restore(String key) {
        Change change = changes.remove(key);
        try {
            if (change != null && get(key).equals(Optional.of(change.ours()))) {
                Files.writeString(root.resolve(key), change.before());
            }
        } catch (IOException e) {
            // the interface went between the two: nothing is left to be put back
        }
    }

    /** Puts back everything that was changed, the last first. */
    public void restoreAll() {
        List.copyOf(changes.keySet()).reversed().forEach(this::restore);
    }
}
