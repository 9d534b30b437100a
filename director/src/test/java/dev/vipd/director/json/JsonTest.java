package dev.vipd.director.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JsonTest {
    private record Inner(int lastPort2Use, Optional<String> why, TimeUnit unit) {}

    private record Outer(String name, List<Inner> realServers, Map<String, Object> extra) {}

    @Test
    void shouldEscapeWhatJsonAndTerminalsNeed() {
        assertEquals("\"\\\"\\\\/\\n\\r\\t\\u0000\\u001b\\u007f\\u009b\\u2028\\ud800\u00e4\uD83D\uDE00\"",
                Json.compact("\"\\/\n\r\t\0\u001b\u007f\u009b\u2028\uD800\u00e4\uD83D\uDE00"));
    }

    @Test
    void shouldWriteScalars() {
        assertEquals("[null,true,-5,1.5,\"SECONDS\",null,\"x\"]", Json.compact(Arrays.asList(
                null, true, -5L, 1.5, TimeUnit.SECONDS, Optional.empty(), Optional.of("x"))));
    }

    @Test
    void shouldWriteRecordsInSnakeCase() {
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("z", List.of());
        extra.put("a", Map.of());
        Outer outer = new Outer("web", List.of(new Inner(1, Optional.empty(), TimeUnit.DAYS)), extra);
        assertEquals("{\"name\":\"web\",\"real_servers\":[{\"last_port2_use\":1,\"why\":null,\"unit\":\"DAYS\"}],"
                + "\"extra\":{\"z\":[],\"a\":{}}}", Json.compact(outer));
        assertEquals("""
                {
                  "name": "web",
                  "real_servers": [
                    {
                      "last_port2_use": 1,
                      "why": null,
                      "unit": "DAYS"
                    }
                  ],
                  "extra": {
                    "z": [],
                    "a": {}
                  }
                }""", Json.pretty(outer));
    }

    @Test
    void shouldRefuseWhatHasNoForm() {
        assertThrows(IllegalArgumentException.class, () -> Json.compact(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Json.compact(List.of(Float.POSITIVE_INFINITY)));
        assertThrows(IllegalArgumentException.class, () -> Json.compact(new Object()));
        assertThrows(IllegalArgumentException.class, () -> Json.compact(Map.of(1, 2)));
    }
}
