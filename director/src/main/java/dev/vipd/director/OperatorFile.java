package dev.vipd.director;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The file {@code operator} of {@code state_dir}: what operators have set, so that neither a restart nor a reboot ends
 * it. A line begins with a word that says what it is about. Not thread-safe.
 */
final class OperatorFile {
    /** An instance that is in maintenance: {@code maintenance NAME}. */
    static final String MAINTENANCE = "maintenance";
    /** A real server that is drained, disabled or has another weight: {@code server SERVICE ADDRESS:PORT WHAT}. */
    static final String SERVER = "server";

    private static final String FILE = "operator";
    private static final List<String> WORDS = List.of(MAINTENANCE, SERVER);

    private final Path file;
    private Map<String, List<String>> lines;
    private boolean written = true;

    private OperatorFile(Path file, Map<String, List<String>> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** The same for a dry run: what is put is not written. */
    OperatorFile unwritten() {
        OperatorFile copy = new OperatorFile(file, lines);
        copy.written = false;
        return copy;
    }

    /**
     * What was kept; nothing where there is no file.
     *
     * @throws IOException with a message that says what to do, when there is one that can't be read: to start without
     *                     it could make a node master that somebody works on, or send traffic to such a server
     */
    static OperatorFile load(Path stateDir) throws IOException {
        Path file = stateDir.resolve(FILE);
        Map<String, List<String>> lines = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String word = line.split(" ", 2)[0];
                if (WORDS.contains(word)) {
                    lines.computeIfAbsent(word, _ -> new ArrayList<>()).add(line.substring(word.length()).strip());
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    throw meansNothing(file, line);
                }
            }
        } catch (NoSuchFileException e) {
            // nothing was ever set
        } catch (FileSystemException | CharacterCodingException e) {
            throw new IOException("can't read " + file + ", where what operators have set is kept: " + e
                    + "; mend that, or remove the file if nothing is in maintenance or drained", e);
        }
        return new OperatorFile(file, lines);
    }

    private static IOException meansNothing(Path file, String line) {
        return new IOException(file + " says \"" + line + "\", which means nothing; remove the line, or the file if"
                + " nothing is in maintenance or drained");
    }

    /** For a line whose word is known and whose rest is not. */
    IOException meansNothing(String word, String rest) {
        return meansNothing(file, word + " " + rest);
    }

    /** What stands behind the word, a line each. */
    List<String> of(String word) {
        return List.copyOf(lines.getOrDefault(word, List.of()));
    }

    /**
     * Replaces the lines of a word.
     *
     * @throws IOException when that can't be kept; nothing has changed then
     */
    void put(String word, List<String> rests) throws IOException {
        Map<String, List<String>> wanted = new TreeMap<>(lines);
        wanted.put(word, List.copyOf(rests));
        if (written) {
            write(wanted);
        }
        lines = wanted;
    }

    private void write(Map<String, List<String>> wanted) throws IOException {
        List<String> text = new ArrayList<>(List.of("# kept by vipd: maintenance, drain, disable, weight"));
        wanted.forEach((of, some) -> some.forEach(rest -> text.add(of + " " + rest)));
        StateFile.replace(file, text);
    }
}
