package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Both forms of the status, whole, for a made-up daemon. */
class StatusTest {
    private static String golden(String name) throws IOException {
        try (InputStream in = StatusTest.class.getResourceAsStream("/status/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@VERSION@", Version.text())
                    .replace("@PID@", String.valueOf(ProcessHandle.current().pid()));
        }
    }

    @Test
    void forPeople() throws IOException {
        assertEquals(golden("status.txt"), StatusText.of(Snapshots.whole()));
    }

    @Test
    void forPrograms() throws IOException {
        assertEquals(golden("status.json"), Json.pretty(StatusJson.of(Snapshots.whole())) + "\n");
    }

    @Test
    void withoutTheKernelsTable() {
        String text = StatusText.of(Snapshots.withoutKernel());
        assertTrue(text.endsWith("\nKERNEL TABLE  can't be reached; the log says why (ipvs.unavailable)\n"), text);
        String json = Json.compact(StatusJson.of(Snapshots.withoutKernel()));
        assertTrue(json.endsWith("\"ipvs\":{\"available\":false,\"foreign_services\":0,\"services\":[]}}"), json);
    }

    @Test
    void nothingConfiguredIsOneLine() {
        assertEquals(1, StatusText.of(Snapshots.empty()).lines().count());
    }
}
