package dev.vipd.netlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NlMessageTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "rtnl-newaddr4", "rtnl-ack", "rtnl-error-eexist-extack", "rtnl-deladdr4", "rtnl-getaddr-dump-req",
        "rtnl-dump-done", "genl-getfamily-ipvs", "rtnl-notify-link-carrier-up"
    })
    void capturedMessagesSurviveDecodingAndEncoding(String vector) {
        byte[] bytes = Vectors.load(vector);
        assertArrayEquals(bytes, NlMessage.encodeAll(NlMessage.decodeAll(bytes)));
    }

    @Test
    void attributesAreWrittenAsTheyAreRead() {
        byte[] bytes = new NlAttrWriter(new byte[] {9, 9, 9, 9})
                .putU8(1, 200)
                .putU16(2, 40_000)
                .putU16be(3, 80)
                .putU32(4, -5)
                .putString(5, "wlc")
                .nest(6, inner -> inner.putBytes(7, new byte[] {1, 2, 3, 4, 5}))
                .toByteArray();
        NlAttrReader in = new NlMessage(0, 0, 0, 0, bytes).attributes(4);
        List<Object> seen = new ArrayList<>();
        while (in.next()) {
            seen.add(switch (in.type()) {
                case 1 -> in.u8();
                case 2 -> in.u16();
                case 3 -> in.u16be();
                case 4 -> in.u32();
                case 5 -> in.string();
                default -> {
                    NlAttrReader inner = in.nested();
                    assertTrue(inner.next());
                    assertEquals(7, inner.type());
                    yield Arrays.toString(inner.bytes());
                }
            });
        }
        assertTrue(in.error().isEmpty());
        assertEquals(List.of(200, 40_000, 80, -5, "wlc", "[1, 2, 3, 4, 5]"), seen);
    }

    @Test
    void theFirstErrorStaysAndAnErrorInANestIsOneOfTheWhole() {
        byte[] bytes = new NlAttrWriter().nest(1, inner -> inner.putU8(2, 1)).putU32(3, 7).toByteArray();
        NlAttrReader in = new NlMessage(0, 0, 0, 0, bytes).attributes(0);
        assertTrue(in.next());
        NlAttrReader inner = in.nested();
        assertTrue(inner.next());
        assertEquals(0, inner.u32());
        assertEquals("attribute 2 has 1 bytes, wants 4", in.error().orElseThrow());
        assertFalse(in.next());
    }

    @Test
    void noBytesMakeTheReadersThrow() {
        Random random = new Random(1);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 4 && random.nextBoolean()) {
                bytes[1] = bytes[2] = bytes[3] = 0; // a length that fits now and then
            }
            for (NlMessage message : NlMessage.decodeAll(bytes)) {
                walk(message.attributes(random.nextInt(20)), 0);
            }
            walk(new NlMessage(0, 0, 0, 0, bytes).attributes(0), 0);
        }
    }

    private static void walk(NlAttrReader in, int depth) {
        while (in.next()) {
            in.u8();
            in.u16be();
            in.bytes();
            in.string();
            if (depth < 4) {
                walk(in.nested(), depth + 1);
            }
            in.u64();
        }
    }
}
