package dev.vipd.ipvs.sync;

/** What becomes of our services when the daemon stops. */
public enum OnStop {
    /** They stay and go on forwarding; the next start adopts them. */
    KEEP,
    /** They are removed; services of others stay. */
    REMOVE
}
