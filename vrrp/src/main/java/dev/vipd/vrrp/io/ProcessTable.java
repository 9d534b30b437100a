package dev.vipd.vrrp.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Processes as /proc shows them. */
final class ProcessTable {
    private static final Path PROC = Path.of("/proc");

    private ProcessTable() {}

    /** @param commandLine program and arguments; empty for kernel threads */
    record Entry(String comm, List<String> commandLine) {}

    static List<Integer> pids() {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                pids.add(Integer.valueOf(entry.getFileName().toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("list /proc", e);
        }
        return pids;
    }

    /** Empty when there is no such process, or it has ended and only waits for its parent to ask. */
    static Optional<Entry> entry(int pid) {
        Path folder = PROC.resolve(Integer.toString(pid));
        try {
            String stat = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
            int end = stat.lastIndexOf(')'); // the name, in parentheses, may hold anything
            char state = stat.charAt(end + 2);
            if (state == 'Z' || state == 'X') {
                return Optional.empty();
            }
            String comm = Files.readString(folder.resolve("comm")).stripTrailing();
            String line = new String(Files.readAllBytes(folder.resolve("cmdline")), StandardCharsets.UTF_8);
            List<String> words = line.isEmpty() ? List.of() : List.of(withoutEnd(line).split("\0", -1));
            return Optional.of(new Entry(comm, words));
        } catch (IOException | StringIndexOutOfBoundsException e) {
            return Optional.empty(); // it ended meanwhile
        }
    }

    private static String withoutEnd(String line) {
        return line.endsWith("\0") ? line.substring(0, line.length() - 1) : line;
    }
}
