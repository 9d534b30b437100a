package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators have taken out, over a restart: each load is one. */
class MaintenanceTest {
    @TempDir
    Path folder;

    private Maintenance load() throws IOException {
        return Maintenance.load(folder.resolve("state"));
    }

    @Test
    void instancesStayOutOverARestart() throws IOException {
        Maintenance maintenance = load();
        assertFalse(maintenance.covers("VI_1"));
        maintenance.set("VI_2", true);
        maintenance.set("VI_1", true);
        maintenance.set("VI_1", true);
        assertEquals(List.of("# kept by vipd maintenance", "maintenance VI_1", "maintenance VI_2"),
                Files.readAllLines(folder.resolve("state/operator")));
        maintenance = load();
        assertTrue(maintenance.covers("VI_1") && maintenance.covers("VI_2") && !maintenance.covers("VI_3"));
        maintenance.set("VI_1", false);
        assertFalse(load().covers("VI_1"));
    }

    @Test
    void theWholeNodeCoversWhatComesLater() throws IOException {
        Maintenance maintenance = load();
        maintenance.set("VI_1", true);
        maintenance.setAll(true);
        assertTrue(load().all() && load().covers("new"));
        maintenance.setAll(false);
        assertFalse(load().covers("VI_1"));
    }

    @Test
    void whatCanNotBeKeptOrReadSaysWhere() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Maintenance nowhere = Maintenance.load(folder.resolve("gone"));
        Files.createSymbolicLink(folder.resolve("gone"), file);
        String message = assertThrows(IOException.class, () -> nowhere.set("VI_1", true)).getMessage();
        assertTrue(message.contains("gone/operator") && message.contains("state_dir"), message);
        assertFalse(nowhere.covers("VI_1"));
        Files.createDirectory(folder.resolve("state"));
        Files.writeString(folder.resolve("state/operator"), "maintenance VI_1\ngarbage\n");
        message = assertThrows(IOException.class, this::load).getMessage();
        assertTrue(message.contains("\"garbage\"") && message.contains("remove the line"), message);
    }
}
