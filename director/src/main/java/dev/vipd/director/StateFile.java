package dev.vipd.director;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writing the files of {@code state_dir}. */
final class StateFile {
    private StateFile() {}

    /**
     * Replaces the file, by one beside it that is on the disk before it takes the name: a crash leaves the old one or
     * the new one.
     *
     * @throws IOException when that can't be done, with a message that says what to do; the old one is still there then
     */
    static void replace(Path file, List<String> lines) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
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
    }

    private static void sync(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }
}
