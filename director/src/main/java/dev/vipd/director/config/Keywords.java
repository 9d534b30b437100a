package dev.vipd.director.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Words of keepalived.conf that are not keys here, so that who comes from there reads more than "unknown key". */
final class Keywords {
    private static final Map<String, String> OTHER_NAME = Map.ofEntries(
            Map.entry("global_defs", "global"),
            Map.entry("lvs_sched", "lb_algo"),
            Map.entry("lvs_method", "lb_kind"),
            Map.entry("sorry_server_lvs_method", "lb_kind, inside sorry_server"),
            Map.entry("virtual_server_group", "virtual_server_groups, and group: NAME in a virtual server,"),
            Map.entry("sh-port", "sched_flags: [ sh-port ]"),
            Map.entry("sh-fallback", "sched_flags: [ sh-fallback ]"),
            Map.entry("mh-port", "sched_flags: [ mh-port ]"),
            Map.entry("mh-fallback", "sched_flags: [ mh-fallback ]"),
            Map.entry("flag-1", "sched_flags: [ flag-1 ]"),
            Map.entry("flag-2", "sched_flags: [ flag-2 ]"),
            Map.entry("flag-3", "sched_flags: [ flag-3 ]"),
            Map.entry("nftables_ipvs", "nftables: true, in a virtual server beside group,"),
            Map.entry("lvs_flush_on_stop", "on_stop: remove, which is the default and deletes each of its services at"
                    + " once, but nobody else's,"),
            Map.entry("lvs_flush_onstop", "on_stop: remove, which is the default and deletes each of its services at"
                    + " once, but nobody else's,"),
            Map.entry("net_namespace_ipvs", "NetworkNamespacePath= of the unit, or ip netns exec, for the whole"
                    + " daemon,"),
            Map.entry("status_code", "status"),
            Map.entry("nb_get_retry", "retry"),
            Map.entry("TCP_CHECK", "tcp"),
            Map.entry("HTTP_GET", "http"),
            Map.entry("SSL_GET", "https"),
            Map.entry("SMTP_CHECK", "smtp"),
            Map.entry("DNS_CHECK", "dns"),
            Map.entry("UDP_CHECK", "udp"),
            Map.entry("PING_CHECK", "ping"),
            Map.entry("MISC_CHECK", "script"),
            Map.entry("FILE_CHECK", "file"),
            Map.entry("url", "path and the rest in the check itself, or one of urls"),
            Map.entry("misc_path", "command"),
            Map.entry("misc_timeout", "timeout"),
            Map.entry("misc_dynamic", "dynamic"),
            Map.entry("fast_recovery", "fast_interval"),
            Map.entry("regex_options", "(?i) and the like, inside regex,"),
            Map.entry("sni_name", "sni"),
            Map.entry("enable_sni", "sni, which is on where the name is known"),
            Map.entry("v3_checksum_as_v2", "checksum: message_only"),
            Map.entry("old_unicast_checksum", "checksum: group_pseudo_header"),
            Map.entry("garp_group", "garp_groups"),
            Map.entry("vrrp_sync_group", "vrrp_sync_groups"),
            Map.entry("vrrp_track_file", "track_file"),
            Map.entry("track_group", "track_groups"));

    private static final Set<String> NOT_SUPPORTED = Set.of(
            "log_format", "metrics", "notification_email", "smtp_server", "enable_script_security", "bfd_instance",
            "auth_hmac", "use_ipvlan",
            "track_bfd", "notify_up", "notify_down", "smtp_alert", "hashed", "nftables_ipvs_priority", "SSL",
            "sorry_server_inhibit", "omega", "ha_suspend",
            "BFD_CHECK", "bfd", "regex_stack", "regex_min_offset",
            "regex_max_offset", "tls_compliant", "log_all_failures", "checker_log_all_failures", "rs_init_notifies",
            "snmp_name", "no_virtual_ipaddress", "native_ipv6",
            "use_vmac_addr", "vrf", "unicast_fault_no_peer", "linkbeat_interfaces",
            "linkbeat_use_polling", "timer_expired_backup", "owner_ignore_adverts", "kernel_rx_buf_size",
            "smtp_alert_vrrp", "child_wait_time", "config_save_dir", "data_use_instance", "debug",
            "disable_local_igmp", "dynamic_interfaces", "enable_dbus", "enable_traps",
            "fifo_write_vrrp_states_on_reload", "global_tracking", "include", "instance", "iproute_etc_dir",
            "iproute_usr_dir", "json_dump_file", "json_version", "log_unknown_vrids", "lvs_notify_fifo",
            "lvs_notify_fifo_script", "lvs_sync_daemon_interface", "max_auto_priority", "min_auto_priority_delay",
            "namespace_with_ipsets", "neighbour_ip", "net_namespace", "nftables", "nftables_counters",
            "nftables_ifindex", "nftables_priority", "notify_priority_changes",
            "process_monitor_rcv_bufs", "process_names", "random_seed", "reload_check_config", "reload_file",
            "reload_repeat", "reload_time_file", "set_supplementary_groups", "shutdown_script", "snmp_socket",
            "startup_script", "state_dump_file", "stats_dump_file", "thread_timer_expired", "tmp_config_directory",
            "umask", "use_pid_dir", "use_symlink_paths", "vmac_addr_prefix", "vmac_garp_intvl", "vmac_prefix",
            "vrrp_cpu_affinity", "vrrp_delay_after_boot", "vrrp_ipsets", "vrrp_iptables", "vrrp_netlink_cmd_rcv_bufs",
            "vrrp_netlink_monitor_rcv_bufs", "vrrp_no_swap", "vrrp_notify_priority_changes",
            "vrrp_owner_ignore_adverts", "vrrp_priority", "vrrp_process_name", "vrrp_rlimit_rttime",
            "vrrp_rx_bufs_multiplier", "vrrp_rx_bufs_policy", "vrrp_vmac_garp_intvl");

    private Keywords() {}

    /** What to tell about a key that is a word of keepalived, or of a later version, but unknown at its place. */
    static Optional<String> hint(String key) {
        if (OTHER_NAME.containsKey(key)) {
            return Optional.of("unknown key; keepalived's " + key + " is " + OTHER_NAME.get(key) + " here");
        }
        return NOT_SUPPORTED.contains(key)
                ? Optional.of("not supported in this version; remove the key")
                : Optional.empty();
    }
}
