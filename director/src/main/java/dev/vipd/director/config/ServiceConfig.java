package dev.vipd.director.config;

import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.ipvs.VirtualServer;

/**
 * One virtual server: what the kernel knows of it, and by which checks and rules its real servers get traffic.
 *
 * @param server the service
 * @param pool   of the same name; its members are {@code server.realServers()} in that order, and its sorry servers
 *               {@code server.sorryServers()}
 * @param drainTimeoutNs {@code drain_timeout}: how long a real server that is drained, or has left the configuration,
 *               may keep its connections; 0: as long as they last when drained, not at all when it left
 */
public record ServiceConfig(VirtualServer server, PoolConfig pool, long drainTimeoutNs) {}
