package dev.vipd.director;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;

/** Which instances an operator has taken out, kept in the {@link OperatorFile}. Not thread-safe. */
final class Maintenance {
    private static final String ALL = "*"; // no instance can have that name

    private final OperatorFile file;
    private TreeSet<String> names;

    Maintenance(OperatorFile file) {
        this.file = file;
        names = new TreeSet<>(file.of(OperatorFile.MAINTENANCE));
    }

    boolean covers(String instance) {
        return names.contains(ALL) || names.contains(instance);
    }

    /** Whether it is the whole node, and not single instances. */
    boolean all() {
        return names.contains(ALL);
    }

    /** Takes one out or back. @throws IOException when that can't be kept; nothing has changed then */
    void set(String instance, boolean on) throws IOException {
        TreeSet<String> wanted = new TreeSet<>(names);
        if (on ? wanted.add(instance) : wanted.remove(instance)) {
            save(wanted);
        }
    }

    /** Takes the whole node out, or everything back. @throws IOException as {@link #set} */
    void setAll(boolean on) throws IOException {
        TreeSet<String> wanted = new TreeSet<>(on ? List.of(ALL) : List.of());
        if (!wanted.equals(names)) {
            save(wanted);
        }
    }

    private void save(TreeSet<String> wanted) throws IOException {
        file.put(OperatorFile.MAINTENANCE, List.copyOf(wanted));
        names = wanted;
    }
}
