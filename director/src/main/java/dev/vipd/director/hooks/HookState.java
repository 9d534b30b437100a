package dev.vipd.director.hooks;

import dev.vipd.director.config.Hook;

/** What an instance or a sync group came to; the names are keepalived's, but for the last two, which are vipd's own. */
public enum HookState {
    MASTER(Hook.NOTIFY_MASTER),
    BACKUP(Hook.NOTIFY_BACKUP),
    FAULT(Hook.NOTIFY_FAULT),
    STOP(Hook.NOTIFY_STOP),
    DELETED(Hook.NOTIFY_DELETED),
    MASTER_RX_LOWER_PRI(Hook.NOTIFY_MASTER_RX_LOWER_PRI),
    CONFLICT(Hook.NOTIFY_CONFLICT),
    CONFLICT_END(Hook.NOTIFY_CONFLICT);

    private final Hook hook;

    HookState(Hook hook) {
        this.hook = hook;
    }

    /** The key of the script for it. */
    Hook hook() {
        return hook;
    }

    /** Whether it is a state of the state machine; the others happen within one. */
    boolean transition() {
        return ordinal() <= DELETED.ordinal();
    }

    /** Whether a waiting event of this kind is out of date with a newer one of the other. */
    boolean overtakenBy(HookState newer) {
        return newer.transition() || newer.hook == hook;
    }
}
