package dev.vipd.ipvs.sync;

/** What becomes of our services, and of settings that we changed, when the daemon stops. */
public enum OnStop {
    /** They stay, and the table goes on forwarding as it did; the next start adopts them. */
    KEEP,
    /** They are removed and put back; services of others stay. */
    REMOVE
}
