package dev.vipd.ipvs;

/**
 * What the health of its real servers makes of one virtual server.
 *
 * @param name        name in the configuration
 * @param key         its identity in the kernel
 * @param liveWeight  sum of weights of the healthy real servers
 * @param quorum      live weight needed; the configured quorum, reduced to the sum of all weights when that is less,
 *                    but never 0: a service whose servers are all drained is not up
 * @param quorumMet   liveWeight >= quorum
 * @param sorryActive the sorry server is in the table
 * @param healthy     number of healthy real servers
 * @param total       number of configured real servers
 */
public record ServiceSummary(
        String name,
        ServiceKey key,
        long liveWeight,
        long quorum,
        boolean quorumMet,
        boolean sorryActive,
        int healthy,
        int total) {}
