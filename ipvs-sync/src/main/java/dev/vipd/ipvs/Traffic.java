package dev.vipd.ipvs;

/**
 * Statistics of a service or a destination (linux/ip_vs.h, IPVS_STATS_ATTR_*): counts since it was added, and the
 * kernel's estimates of rates a second.
 */
public record Traffic(
        long connections,
        long inPackets,
        long outPackets,
        long inBytes,
        long outBytes,
        long connectionsPerSec,
        long inPacketsPerSec,
        long outPacketsPerSec,
        long inBytesPerSec,
        long outBytesPerSec) {
    public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
