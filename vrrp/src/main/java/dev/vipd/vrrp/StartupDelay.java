package dev.vipd.vrrp;

import dev.vipd.vrrp.VrrpTimers.Timer;

/** keepalived's {@code startup_delay}: until it is over, the router does not become master. */
final class StartupDelay {
    private final RouterContext context;
    private long endNs;

    StartupDelay(RouterContext context) {
        this.context = context;
    }

    void begin() {
        long delayNs = context.config.election().startupDelayNs();
        if (delayNs > 0) {
            endNs = context.nowNs + delayNs;
            context.claimBlocks.add(ClaimBlock.STARTUP);
        }
    }

    /** On entering a state: what is over while no timer runs, as in FAULT, is over all the same. */
    void enter(VrrpState state) {
        if (context.nowNs - endNs >= 0) {
            context.claimBlocks.remove(ClaimBlock.STARTUP);
        } else if (state == VrrpState.BACKUP && context.claimBlocks.contains(ClaimBlock.STARTUP)) {
            context.timers.arm(Timer.STARTUP_DELAY, endNs);
        }
    }
}
