package dev.vipd.director.realserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * What {@code apply} has changed since the host was started, in its order, and what it was before. A line is
 * {@code setting KEY BEFORE OURS for VIP,VIP} or {@code run COMMAND for VIP,VIP}, whose command takes the change back.
 * With a reboot all of it is gone from the kernel, and so it is from here.
 */
final class StateFile {
    private static final String HEAD = "# kept by vipd realserver: what undo takes back, the last first";

    /**
     * One change.
     *
     * @param what   the setting's key, or the command that takes it back
     * @param before value before; empty for a command
     * @param ours   value since; empty for a command
     * @param vips   who needs it
     */
    record Change(String what, String before, String ours, SequencedSet<String> vips) {
        private static final String BEHIND = " for ";

        boolean isSetting() {
            return !ours.isEmpty();
        }

        private String line() {
            return (isSetting() ? "setting " + what + " " + before + " " + ours : "run " + what)
                    + BEHIND + String.join(",", vips);
        }

        private static Optional<Change> parse(String line) {
            int behind = line.lastIndexOf(BEHIND);
            String[] words = line.substring(0, Math.max(0, behind)).split(" ");
            SequencedSet<String> vips =
                    new LinkedHashSet<>(List.of(line.substring(Math.max(0, behind + BEHIND.length())).split(",")));
            if (behind > 0 && words.length == 4 && words[0].equals("setting") && words[1].startsWith("net/ipv4/conf/")
                    && !words[1].contains("..")) {
                return Optional.of(new Change(words[1], words[2], words[3], vips));
            }
            return behind > 0 && words.length > 2 && words[0].equals("run") && words[1].equals("ip")
                    ? Optional.of(new Change(line.substring("run ".length(), behind), "", "", vips))
                    : Optional.empty();
        }
    }

    private final Path file;
    private final String bootId;
    private final List<Change> changes = new ArrayList<>();

    private StateFile(Path file, String bootId) {
        this.file = file;
        this.bootId = bootId;
    }

    /**
     * @param bootId of the kernel that runs now
     * @throws IOException with a message that says what to do, when there is a file that can't be understood
     */
    static StateFile load(Path file, String bootId) throws IOException {
        StateFile state = new StateFile(file, bootId);
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return state;
        } catch (IOException e) {
            throw new IOException("can't read " + file + ": " + e + "; run it as root, or name another by --state", e);
        }
        if (!lines.contains("boot " + bootId)) {
            return state;
        }
        for (String line : lines) {
            if (!line.isBlank() && !line.startsWith("#") && !line.startsWith("boot ")) {
                state.changes.add(Change.parse(line).orElseThrow(() -> new IOException(file + " says \"" + line
                        + "\", which means nothing; remove the line, and take that back by hand if it says what")));
            }
        }
        return state;
    }

    Path file() {
        return file;
    }

    List<Change> changes() {
        return List.copyOf(changes);
    }

    boolean knows(String vip) {
        return changes.stream().anyMatch(change -> change.vips().contains(vip));
    }

    Optional<Change> find(String what) {
        return changes.stream().filter(change -> change.what().equals(what)).findFirst();
    }

    /** VIPs that need what was changed for others already. Returns those that are new to it. */
    SequencedSet<String> join(Change change, Collection<String> vips) throws IOException {
        SequencedSet<String> fresh = new LinkedHashSet<>(vips);
        fresh.removeAll(change.vips());
        change.vips().addAll(fresh);
        write();
        return fresh;
    }

    /** Takes VIPs from a change. Returns whether nobody needs it any more. */
    boolean leave(Change change, Collection<String> vips) {
        return change.vips().removeAll(vips) && change.vips().isEmpty();
    }

    /** Before it is made, so that a run that is killed leaves nothing unknown. Who needed it before still does. */
    void add(Change change) throws IOException {
        find(change.what()).ifPresent(known -> {
            change.vips().addAll(known.vips());
            changes.remove(known);
        });
        changes.add(change);
        write();
    }

    void remove(Change change) {
        changes.remove(change);
    }

    /** Keeps it as it is now; without any change there is no file. */
    void write() throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            if (changes.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            List<String> lines = new ArrayList<>(List.of(HEAD, "boot " + bootId));
            changes.forEach(change -> lines.add(change.line()));
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.write(fresh, lines);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IOException("can't keep in " + file + " what is changed: " + e
                    + "; run it as root, or name another file by --state", e);
        }
    }
}
