package dev.vipd.director.config;

import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.ipvs.VirtualServer;

/**
 * One virtual server: what the kernel knows of it, and by which checks and rules its real servers get traffic.
 *
 * @param server the service
 * @param pool   of the same name; its members are {@code server.realServers()} in that order, and its sorry servers
 *               {@code server.sorryServers()}
 */
public record ServiceConfig(VirtualServer server, PoolConfig pool) {}
