package dev.vipd.director.events;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Every event that a director logs, with the keys it carries besides {@code node boot seq mono}. The table in
 * {@code docs/events.md} says the same; a test compares the two.
 */
public enum EventId {
    DAEMON_START("daemon.start", "log ver pid config"),
    DAEMON_READY("daemon.ready", "instances services"),
    DAEMON_STOP("daemon.stop", "why clean"),
    DAEMON_HEARTBEAT("daemon.heartbeat", "states owned lag_us stalls"),
    DAEMON_STALL("daemon.stall", "thread late_ms limit_ms"),
    DAEMON_REALTIME("daemon.realtime", "thread prio why"),
    DAEMON_PAUSES("daemon.pauses", "inst pause_us int_ms"),
    DAEMON_CLOCK_STEP("daemon.clock_step", "delta_ms"),
    CONFIG_LOADED("config.loaded", "file sha instances services"),
    CONFIG_REJECTED("config.rejected", "file findings"),
    CONFIG_APPLIED("config.applied", "added removed changed"),
    VRRP_STATE("vrrp.state", "inst vrid af if from to why prio term"),
    VRRP_PRIORITY("vrrp.priority", "inst from to why"),
    VRRP_CONFLICT("vrrp.conflict", "inst kind peer prio"),
    VRRP_CONFLICT_END("vrrp.conflict_end", "inst kind peer prio"),
    VRRP_HANDOVER("vrrp.handover", "inst goal"),
    VRRP_HANDOVER_END("vrrp.handover_end", "inst goal peer took_ms"),
    VRRP_REJECTED("vrrp.rejected", "if inst src why suppressed"),
    VRRP_ADVERT_TX("vrrp.advert_tx", "inst src dst prio int_cs why hash"),
    VRRP_ADVERT_RX("vrrp.advert_rx", "inst src prio int_cs why hash"),
    VRRP_VIP_ADD("vrrp.vip_add", "inst vip dev ack_us"),
    VRRP_VIP_DEL("vrrp.vip_del", "inst vip dev ack_us"),
    VRRP_VIP_SEEN("vrrp.vip_seen", "inst vip dev"),
    VRRP_VIP_GONE("vrrp.vip_gone", "inst vip dev"),
    VRRP_VIP_FAILED("vrrp.vip_failed", "inst vip dev op why"),
    VRRP_VIP_RESTORED("vrrp.vip_restored", "inst vip dev"),
    VRRP_ROUTE_ADD("vrrp.route_add", "inst kind item ack_us"),
    VRRP_ROUTE_DEL("vrrp.route_del", "inst kind item ack_us"),
    VRRP_ROUTE_FAILED("vrrp.route_failed", "inst kind item op why"),
    VRRP_ROUTE_RESTORED("vrrp.route_restored", "inst kind item"),
    VRRP_HOST_TROUBLE("vrrp.host_trouble", "what why"),
    VRRP_MISMATCH("vrrp.mismatch", "inst src why suppressed"),
    VRRP_SEND_FAILED("vrrp.send_failed", "inst why"),
    VRRP_ANNOUNCE("vrrp.announce", "inst vip dev n round"),
    TRACK_UP("track.up", "kind name why"),
    TRACK_DOWN("track.down", "kind name why"),
    TRACK_TROUBLE("track.trouble", "kind name why"),
    HOOK_RUN("hook.run", "kind name hook state what"),
    HOOK_DONE("hook.done", "kind name hook state took_ms why last"),
    HOOK_FAILED("hook.failed", "kind name hook state took_ms why last"),
    HOOK_SKIPPED("hook.skipped", "kind name hook state"),
    CHECK_STATE("check.state", "vs rs from to why"),
    CHECK_RESULT("check.result", "vs rs check target ok why ms"),
    SERVER_STATE("server.state", "vs rs from to why"),
    SERVER_DRAINED("server.drained", "vs rs left took_ms why"),
    SERVICE_QUORUM("service.quorum", "vs state live need"),
    SERVICE_PANIC("service.panic", "vs active down of kept"),
    SERVICE_SORRY("service.sorry", "vs rs active"),
    IPVS_OP("ipvs.op", "op vs rs weight why ack_us"),
    IPVS_OP_FAILED("ipvs.op_failed", "op vs rs weight why"),
    IPVS_DRIFT("ipvs.drift", "vs rs found want lost_servers lost_conns"),
    IPVS_SYNC("ipvs.sync", "ops failed took_us why"),
    IPVS_SETTING("ipvs.setting", "key from to why"),
    IPVS_SETTING_FAILED("ipvs.setting_failed", "key to why"),
    IPVS_FALLBACK("ipvs.fallback", "vs key wanted taken"),
    IPVS_MEMORY("ipvs.memory", "why"),
    IPVS_UNAVAILABLE("ipvs.unavailable", "why"),
    IPVS_AVAILABLE("ipvs.available", "why"),
    DRY_RUN("dry_run", "what"),
    CONTROL_COMMAND("control.command", "user command result"),
    LOG_OVERFLOW("log.overflow", "dropped"),
    LOG_OTHER("log.other", "logger");

    private final String id;
    private final List<String> keys;

    EventId(String id, String keys) {
        this.id = id;
        this.keys = List.of(keys.split(" "));
    }

    /** The name in the log, for example {@code vrrp.state}. */
    public String id() {
        return id;
    }

    /** The documented keys, in their order. */
    public List<String> keys() {
        return keys;
    }

    public static Optional<EventId> of(String id) {
        return Arrays.stream(values()).filter(e -> e.id.equals(id)).findFirst();
    }

    @Override
    public String toString() {
        return id;
    }
}
