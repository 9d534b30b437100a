package dev.vipd.netlink.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InotifyTest {
    @TempDir
    Path folder;

    @Test
    void whatHappensToFilesIsTold() throws Exception {
        try (Inotify inotify = new Inotify()) {
            int watch = inotify.watch(folder);
            assertEquals(List.of(), inotify.read());
            Path file = folder.resolve("switch");
            Files.writeString(file, "-254");
            assertEquals(entries(watch, "switch", "switch"), inotify.read(), "made, and closed after writing");
            Files.writeString(file, "0");
            assertEquals(entries(watch, "switch"), inotify.read(), "not at its truncation");
            Files.move(file, folder.resolve("other"));
            assertEquals(entries(watch, "switch", "other"), inotify.read());
            Files.delete(folder.resolve("other"));
            assertEquals(entries(watch, "other"), inotify.read());
        }
    }

    @Test
    void aFolderThatGoesIsToldOnce() throws Exception {
        try (Inotify inotify = new Inotify()) {
            Path inner = Files.createDirectory(folder.resolve("inner"));
            int watch = inotify.watch(inner);
            Files.delete(inner);
            assertEquals(List.of(new Inotify.Change.FolderGone(watch)), inotify.read());
            assertTrue(assertThrows(SysException.class, () -> inotify.watch(inner)).getMessage().contains("inner"));
            int second = inotify.watch(Files.createDirectory(inner));
            Files.move(inner, folder.resolve("away"));
            assertEquals(List.of(), inotify.read());
            assertEquals(List.of(new Inotify.Change.FolderGone(second)), inotify.read());
        }
    }

    private static List<Inotify.Change> entries(int watch, String... names) {
        return List.of(names).stream()
                .map(name -> (Inotify.Change) new Inotify.Change.Entry(watch, name))
                .toList();
    }
}
