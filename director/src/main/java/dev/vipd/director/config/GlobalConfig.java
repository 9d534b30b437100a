package dev.vipd.director.config;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The {@code global} block.
 *
 * @param routerId         {@code router_id}: name of this node in every log line; default: the host name
 * @param controlSocket    {@code control_socket}: absolute path of the unix socket of {@code vipd status} and the like
 * @param onStop           {@code on_stop}: what an orderly stop does with the services in the kernel's IPVS table
 * @param resyncIntervalNs {@code resync_interval}: how often the kernel's IPVS table is compared with what it should be
 *                         when nothing else asks for it; 1 s..1 h
 * @param http             {@code http}: where metrics and status are served by HTTP; empty: nowhere
 * @param stateDir         {@code state_dir}: absolute path of the folder for what outlives the process, such as the
 *                         instances in maintenance
 * @param vrrpRtPriority   {@code vrrp_rt_priority}: of SCHED_RR, for the {@code vrrp} thread alone; 0..99, 0 for none
 */
public record GlobalConfig(String routerId, String controlSocket, OnStop onStop, long resyncIntervalNs,
        Optional<InetSocketAddress> http, String stateDir, int vrrpRtPriority) {
    public static final String DEFAULT_CONTROL_SOCKET = "/run/vipd/control.sock";
    public static final String DEFAULT_STATE_DIR = "/var/lib/vipd";
    /** Before all usual work, and behind whatever was given a real-time priority on purpose. */
    public static final int DEFAULT_VRRP_RT_PRIORITY = 10;
    public static final long DEFAULT_RESYNC_INTERVAL_NS = 10_000_000_000L;

    /** What is left in the kernel's IPVS table after an orderly stop. VIPs are removed in either case. */
    public enum OnStop {
        /** Services stay and go on forwarding; the next start adopts them. */
        KEEP,
        /** Our services are deleted. */
        REMOVE
    }
}
