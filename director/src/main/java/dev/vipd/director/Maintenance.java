package dev.vipd.director;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Which instances an operator has taken out. It is kept in the file {@code operator} of {@code state_dir}, a line
 * {@code maintenance NAME} for each, {@code maintenance *} for the whole node, so that neither a restart nor a reboot
 * ends it. Not thread-safe.
 */
final class Maintenance {
    private static final String FILE = "operator";
    private static final String WORD = "maintenance ";
    private static final String ALL = "*"; // no instance can have that name

    private final Path file;
    private TreeSet<String> names;

    private Maintenance(Path file, TreeSet<String> names) {
        this.file = file;
        this.names = names;
    }

    /**
     * What was kept; nothing where there is no file.
     *
     * @throws IOException with a message that says what to do, when there is one that can't be read: to start without
     *                     it could make a node master that somebody works on
     */
    static Maintenance load(Path stateDir) throws IOException {
        Path file = stateDir.resolve(FILE);
        TreeSet<String> names = new TreeSet<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(WORD)) {
                    names.add(line.substring(WORD.length()).strip());
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    throw new IOException(file + " says \"" + line + "\", which means nothing; remove the line, or the"
                            + " file if no instance is in maintenance");
                }
            }
        } catch (NoSuchFileException e) {
            // nothing was ever taken out
        } catch (FileSystemException | CharacterCodingException e) {
            throw new IOException("can't read " + file + ", where the instances in maintenance are kept: " + e
                    + "; mend that, or remove the file if no instance is in maintenance", e);
        }
        return new Maintenance(file, names);
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

    /** By a file beside it, on the disk before it takes the name: a crash leaves the old one or the new one. */
    private void save(TreeSet<String> wanted) throws IOException {
        List<String> lines = new ArrayList<>(List.of("# kept by vipd maintenance"));
        wanted.forEach(name -> lines.add(WORD + name));
        Path fresh = file.resolveSibling(FILE + ".new");
        try {
            Files.createDirectories(file.getParent());
            Files.write(fresh, lines, StandardCharsets.UTF_8);
            sync(fresh, StandardOpenOption.WRITE);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(file.getParent(), StandardOpenOption.READ);
        } catch (IOException e) {
            throw new IOException("can't keep that in " + file + ": " + e + "; make " + file.getParent()
                    + " writable for vipd, or set global.state_dir to a folder that is", e);
        }
        names = wanted;
    }

    private static void sync(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }
}
