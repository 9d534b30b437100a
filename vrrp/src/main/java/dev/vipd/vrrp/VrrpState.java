package dev.vipd.vrrp;

/**
 * State of a virtual router, in keepalived's words. RFC 9568 calls MASTER "Active" and INIT "Initialize"; FAULT, where
 * RFC 9568 would be in "Initialize", is keepalived's.
 */
public enum VrrpState {
    /** Not started, or shut down. */
    INIT,
    /** Hears a master, or waits for the master-down timer. */
    BACKUP,
    /** Advertises and holds the addresses. */
    MASTER,
    /** May not take part for at least one {@link FaultReason}; adverts are ignored, no timer runs. */
    FAULT
}
