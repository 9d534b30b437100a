package dev.vipd.director.config;

import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.util.List;
import java.util.Optional;

/** How an instance takes part in the election. */
final class ElectionBinder {
    static final int DOWN_TIMER_ADVERTS_MAX = 100;
    private static final int DEFAULT_PRIORITY = 100;

    private final Block b;
    private final VrrpDefaults defaults;
    private final boolean strict;

    ElectionBinder(Block b, VrrpDefaults defaults) {
        this.b = b;
        this.defaults = defaults;
        strict = b.bool("strict_mode").orElse(defaults.strict());
    }

    private enum State {
        MASTER,
        BACKUP
    }

    /** The priority, and what {@code state} said: a hint only. */
    record Role(int priority, boolean stateMaster) {
        boolean owner() {
            return priority == VirtualRouterConfig.OWNER_PRIORITY;
        }
    }

    boolean strict() {
        return strict;
    }

    Role role() {
        Optional<Integer> priority = b.integer("priority", 1, VirtualRouterConfig.OWNER_PRIORITY);
        Optional<State> state = b.choice("state", Value.words(State.class, false));
        Role role = new Role(priority.orElse(DEFAULT_PRIORITY), state.filter(State.MASTER::equals).isPresent());
        b.value("state").filter(v -> state.isPresent()).ifPresent(v -> {
            if (role.stateMaster() && !b.has("priority")) {
                v.error("MASTER without a priority; give the priority, such as 101 here, 100 on the"
                        + " other node");
            } else if (strict && role.stateMaster() != role.owner()) {
                v.error("strict_mode has MASTER for the address owner (priority 255) and BACKUP for all others; remove"
                        + " the key");
            } else if (!role.stateMaster() && role.owner()) {
                v.warning("priority 255 is the address owner, which starts as MASTER whatever state says");
            }
        });
        return role;
    }

    ElectionConfig bind(Role role, List<TrackerId> claimRequires) {
        boolean preempt = preempt(role);
        long preemptDelayNs = preemptDelay(preempt, role);
        boolean sticky = b.bool("sticky").orElse(false);
        if (sticky && preempt) {
            b.value("sticky").ifPresent(v -> v.error("is for instances that don't preempt; add nopreempt: true, or"
                    + " remove it"));
        }
        long startupDelayNs = b.duration("startup_delay", 0, Durations.HOUR).orElse(defaults.startupDelayNs());
        int adverts = b.integer("down_timer_adverts", 1, DOWN_TIMER_ADVERTS_MAX).orElse(defaults.downTimerAdverts());
        boolean noAdvert = b.bool("lower_prio_no_advert").orElse(defaults.lowerPrioNoAdvert());
        boolean sendAdvert = b.bool("higher_prio_send_advert").orElse(defaults.higherPrioSendAdvert());
        boolean resume = b.bool("resume").orElse(!strict);
        boolean handover = b.bool("handover").orElse(!strict);
        return strict
                ? new ElectionConfig(preempt, 0, startupDelayNs, ElectionConfig.DEFAULT_DOWN_TIMER_ADVERTS, true,
                        noAdvert, false, false, resume, handover, List.of())
                : new ElectionConfig(preempt, preemptDelayNs, startupDelayNs, adverts, false, noAdvert, sendAdvert,
                        sticky, resume, handover, claimRequires);
    }

    private boolean preempt(Role role) {
        Optional<Boolean> preempt = b.bool("preempt");
        Optional<Boolean> nopreempt = b.bool("nopreempt");
        if (preempt.isPresent() && preempt.equals(nopreempt)) {
            b.value("nopreempt").ifPresent(v -> v.error(
                    "contradicts preempt: " + preempt.get() + "; keep one of them"));
            return true;
        }
        boolean effective = preempt.orElse(!nopreempt.orElse(false));
        if (!effective) {
            Value at = b.value(nopreempt.isPresent() ? "nopreempt" : "preempt").orElseThrow();
            if (role.owner()) {
                at.error("the address owner (priority 255) always preempts; remove the key, or lower the priority");
            } else if (role.stateMaster()) {
                at.warning("keepalived drops it where state is MASTER; here it holds, whatever state says");
            }
        }
        return effective;
    }

    private long preemptDelay(boolean preempt, Role role) {
        long delayNs = b.duration("preempt_delay", 0, 1000 * Durations.SECOND).orElse(0L);
        if (delayNs > 0 && !preempt) {
            b.value("preempt_delay").ifPresent(v -> v.error("excludes nopreempt: who never preempts has nothing to"
                    + " delay; remove one of them"));
        } else if (delayNs > 0 && role.owner()) {
            b.value("preempt_delay").ifPresent(v -> v.error("the address owner (priority 255) preempts at once; remove"
                    + " the key, or lower the priority"));
        } else if (delayNs > 0 && role.stateMaster()) {
            b.value("preempt_delay").ifPresent(v -> v.warning("keepalived drops it where state is MASTER; here it"
                    + " holds, whatever state says"));
        }
        return delayNs;
    }

    /** Refuses what strict_mode forbids; to be called when all keys have been asked for. */
    void requireStrict() {
        if (!strict) {
            return;
        }
        for (String key : List.of("unicast_peer", "authentication", "preempt_delay", "down_timer_adverts", "sticky",
                "higher_prio_send_advert", "claim_requires", "handover", "resume", "garp_master_delay",
                "garp_master_repeat", "garp_master_refresh", "garp_master_refresh_repeat", "garp_lower_prio_delay",
                "garp_lower_prio_repeat", "garp_extra_if", "skip_check_adv_addr", "mcast_dst_ip")) {
            b.value(key).filter(v -> !v.isOff()).ifPresent(v -> v.error("is not in the RFC, and strict_mode allows"
                    + " nothing else; remove it, or strict_mode"));
        }
    }
}
