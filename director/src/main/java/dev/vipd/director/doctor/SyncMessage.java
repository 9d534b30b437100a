package dev.vipd.director.doctor;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Head of what a sync daemon sends (net/netfilter/ipvs/ip_vs_sync.c, struct ip_vs_sync_mesg), big-endian.
 *
 * <pre>
 * version 1                                   version 0
 *  0  1  reserved, 0                           0  1  number of connections, never 0
 *  1  1  sync id                               1  1  sync id
 *  2  2  size of all                           2  2  size of all
 *  4  1  number of connections
 *  5  1  version, 1
 * </pre>
 *
 * @param id      of the sync daemon, 0..255
 * @param version 0 or 1
 */
public record SyncMessage(int id, int version) {
    private static final int HEAD_BYTES = 8;

    /** Empty for anything else, and for what was cut. */
    public static Optional<SyncMessage> decode(ByteBuffer data) {
        ByteBuffer in = data.slice();
        if (in.remaining() < HEAD_BYTES || (in.getShort(2) & 0xffff) != in.remaining()) {
            return Optional.empty();
        }
        int id = in.get(1) & 0xff;
        if (in.get(0) != 0) {
            return Optional.of(new SyncMessage(id, 0));
        }
        return in.get(5) == 1 ? Optional.of(new SyncMessage(id, 1)) : Optional.empty();
    }
}
