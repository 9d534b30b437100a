package dev.vipd.director.config;

import java.util.Locale;

/** What a script can be run for; the constants are the keys of the configuration. */
public enum Hook {
    NOTIFY_MASTER,
    NOTIFY_BACKUP,
    NOTIFY_FAULT,
    /** The daemon stops. */
    NOTIFY_STOP,
    /** A reload removed the instance. */
    NOTIFY_DELETED,
    /** A master heard one of lower priority. */
    NOTIFY_MASTER_RX_LOWER_PRI,
    /** Another master is heard; or is not any more. */
    NOTIFY_CONFLICT,
    /** Each of these. */
    NOTIFY,
    /** Of a virtual server, as the next. */
    QUORUM_UP,
    QUORUM_DOWN;

    /** Whether it is for virtual servers; else it is for instances and sync groups. */
    public boolean ofService() {
        return this == QUORUM_UP || this == QUORUM_DOWN;
    }

    /** As in the configuration and the log: {@code notify_master}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
