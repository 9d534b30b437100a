package dev.vipd.ipvs.kernel;

import dev.vipd.ipvs.Traffic;
import dev.vipd.netlink.NlAttrReader;

/**
 * Statistics in a row of a dump (linux/ip_vs.h, IPVS_STATS_ATTR_*). STATS64 has the same attributes as STATS, all of 64
 * bits; kernels before 4.1 have only STATS, where all but the byte counts are of 32.
 */
final class StatsCodec {
    private static final int CONNS = 1;
    private static final int OUTBYTES = 5;
    private static final int INBYTES = 4;
    private static final int OUTBPS = 10;

    private StatsCodec() {}

    /**
     * Reads the nested attributes; what is not there counts as 0.
     *
     * @param wide whether it is STATS64
     */
    static Traffic traffic(NlAttrReader in, boolean wide) {
        long[] values = new long[OUTBPS + 1];
        boolean any = false;
        while (in.next()) {
            int type = in.type();
            if (type >= CONNS && type <= OUTBPS) {
                boolean bytes = type == INBYTES || type == OUTBYTES;
                values[type] = wide || bytes ? in.u64() : Integer.toUnsignedLong(in.u32());
                any |= values[type] != 0;
            }
        }
        return !any ? Traffic.NONE : new Traffic(
                values[1], values[2], values[3], values[4], values[5], values[6], values[7], values[8], values[9],
                values[10]);
    }
}
