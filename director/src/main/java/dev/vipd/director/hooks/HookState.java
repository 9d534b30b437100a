package dev.vipd.director.hooks;

import dev.vipd.director.config.Hook;

/**
 * What an instance, a sync group or a virtual server came to; the names are keepalived's, but for those of conflicts,
 * which are vipd's own.
 */
public enum HookState {
    MASTER(Hook.NOTIFY_MASTER),
    BACKUP(Hook.NOTIFY_BACKUP),
    FAULT(Hook.NOTIFY_FAULT),
    STOP(Hook.NOTIFY_STOP),
    DELETED(Hook.NOTIFY_DELETED),
    MASTER_RX_LOWER_PRI(Hook.NOTIFY_MASTER_RX_LOWER_PRI),
    CONFLICT(Hook.NOTIFY_CONFLICT),
    CONFLICT_END(Hook.NOTIFY_CONFLICT),
    QUORUM_UP(Hook.QUORUM_UP),
    QUORUM_DOWN(Hook.QUORUM_DOWN);

    private final Hook hook;

    HookState(Hook hook) {
        this.hook = hook;
    }

    /** The key of the script for it. */
    Hook hook() {
        return hook;
    }

    /** Whether it ends the state before it; the others happen within one. */
    boolean transition() {
        return switch (this) {
            case MASTER, BACKUP, FAULT, STOP, DELETED, QUORUM_UP, QUORUM_DOWN -> true;
            case MASTER_RX_LOWER_PRI, CONFLICT, CONFLICT_END -> false;
        };
    }

    /** Whether a waiting event of this kind is out of date with a newer one of the other. */
    boolean overtakenBy(HookState newer) {
        return newer.transition() || newer.hook == hook;
    }
}
