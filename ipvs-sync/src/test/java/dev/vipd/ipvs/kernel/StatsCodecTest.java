package dev.vipd.ipvs.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.Traffic;
import dev.vipd.netlink.NlAttrReader;
import dev.vipd.netlink.NlAttrWriter;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatsCodecTest {
    private static NlAttrReader reader(NlAttrWriter out) {
        return new NlMessage(0x20, 0, 1, 1, out.toByteArray()).attributes(0);
    }

    private static byte[] u64(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(value).array();
    }

    @Test
    void countsOf32BitsAreUnsignedAndBytesAreOf64() {
        NlAttrWriter out = new NlAttrWriter()
                .putU32(1, -1).putU32(2, 2).putU32(3, 3).putBytes(4, u64(1L << 40)).putBytes(5, u64(5));
        for (int type = 6; type <= 10; type++) {
            out.putU32(type, type);
        }
        assertEquals(
                new Traffic(0xffffffffL, 2, 3, 1L << 40, 5, 6, 7, 8, 9, 10), StatsCodec.traffic(reader(out), false));
    }

    @Test
    void stats64AreAllOf64BitsAndWhatLaterKernelsAddIsSkipped() {
        NlAttrWriter out = new NlAttrWriter().putBytes(11, new byte[4]);
        for (int type = 1; type <= 10; type++) {
            out.putBytes(type, u64((1L << 33) + type));
        }
        out.putU32(12, 7);
        long base = 1L << 33;
        assertEquals(
                new Traffic(base + 1, base + 2, base + 3, base + 4, base + 5, base + 6, base + 7, base + 8, base + 9,
                        base + 10),
                StatsCodec.traffic(reader(out), true));
    }

    @Test
    void whatIsNotThereIsZero() {
        assertEquals(Traffic.NONE, StatsCodec.traffic(reader(new NlAttrWriter()), true));
        assertEquals(Traffic.NONE, StatsCodec.traffic(reader(new NlAttrWriter()), false));
    }

    /** In the captured row every count is 0: with another number in each place, each is read from its own. */
    @Test
    void countsInACapturedRowAreReadFromStats64() {
        byte[] row = Vectors.message("ipvs-get-dest-dump-reply").payload();
        int stats64 = row.length - 124 + 4; // the last attribute, behind its header
        ByteBuffer bytes = ByteBuffer.wrap(row).order(ByteOrder.nativeOrder());
        for (int i = 0; i < 10; i++) {
            bytes.putLong(stats64 + 12 * i + 4, 100 + i);
        }
        IpvsReply.DestinationRow read = (IpvsReply.DestinationRow) IpvsCodec.destination(
                new NlMessage(0x20, 0, 1, 1, row), new dev.vipd.ipvs.ServiceKey.Mark(7, false));
        assertEquals(new Traffic(100, 101, 102, 103, 104, 105, 106, 107, 108, 109), read.load().traffic());
    }

    @Test
    void readingNeverThrows() {
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(160)];
            random.nextBytes(bytes);
            StatsCodec.traffic(new NlMessage(0x20, 0, 1, 1, bytes).attributes(0), (i & 1) == 0);
        }
    }
}
