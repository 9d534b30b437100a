package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.pool.Admin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators have taken out, over a restart: each load is one. */
class MaintenanceTest {
    @TempDir
    Path folder;

    private Maintenance load() throws IOException {
        return new Maintenance(OperatorFile.load(folder.resolve("state")));
    }

    @Test
    void instancesStayOutOverARestart() throws IOException {
        Maintenance maintenance = load();
        assertFalse(maintenance.covers("VI_1"));
        maintenance.set("VI_2", true);
        maintenance.set("VI_1", true);
        maintenance.set("VI_1", true);
        assertEquals(
                List.of("# kept by vipd: maintenance, drain, disable, weight", "maintenance VI_1", "maintenance VI_2"),
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
        Maintenance nowhere = new Maintenance(OperatorFile.load(folder.resolve("gone")));
        Files.createSymbolicLink(folder.resolve("gone"), file);
        String message = assertThrows(IOException.class, () -> nowhere.set("VI_1", true)).getMessage();
        assertTrue(message.contains("gone/operator") && message.contains("state_dir"), message);
        assertFalse(nowhere.covers("VI_1"));
        Files.createDirectory(folder.resolve("state"));
        Files.writeString(folder.resolve("state/operator"), "maintenance VI_1\ngarbage\n");
        message = assertThrows(IOException.class, this::load).getMessage();
        assertTrue(message.contains("\"garbage\"") && message.contains("remove the line"), message);
    }

    @Test
    void ordersForRealServersStayOverARestart() throws IOException {
        ServerOrders.Server rs1 = new ServerOrders.Server("web", "192.0.2.11:80");
        ServerOrders.Server rs2 = new ServerOrders.Server("web", "[2001:db8::1]:80");
        OperatorFile file = OperatorFile.load(folder);
        ServerOrders orders = new ServerOrders(file);
        new Maintenance(file).set("VI_1", true);
        orders.set(rs1, Admin.DRAIN.withWeight(5));
        orders.set(rs2, Admin.DISABLED);
        assertEquals(
                List.of("# kept by vipd: maintenance, drain, disable, weight", "maintenance VI_1",
                        "server web 192.0.2.11:80 drain weight 5", "server web [2001:db8::1]:80 disable"),
                Files.readAllLines(folder.resolve("operator")));
        orders = new ServerOrders(OperatorFile.load(folder));
        assertEquals(Map.of(rs1, Admin.DRAIN.withWeight(5), rs2, Admin.DISABLED), orders.all());
        orders.set(rs2, Admin.ENABLED);
        assertEquals(Set.of(rs1), new ServerOrders(OperatorFile.load(folder)).all().keySet());
        assertTrue(new Maintenance(OperatorFile.load(folder)).covers("VI_1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "web 192.0.2.11:80", "web 192.0.2.11:80 gone", "web 192.0.2.11:80 weight",
        "web 192.0.2.11:80 weight -1", "web 192.0.2.11:80 weight x"})
    void anOrderThatMeansNothingStopsTheStart(String line) throws IOException {
        Files.writeString(folder.resolve("operator"), "server " + line + "\n");
        OperatorFile file = OperatorFile.load(folder);
        String message = assertThrows(IOException.class, () -> new ServerOrders(file)).getMessage();
        assertTrue(message.contains("\"server " + line + "\", which means nothing"), message);
    }
}
