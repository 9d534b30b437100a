package dev.vipd.vrrp;

/**
 * What the checksum of a version 3 advert over IPv4 covers. Adverts of version 2 never have a pseudo-header, those over
 * IPv6 always.
 */
public enum ChecksumForm {
    /** Pseudo-header and message: keepalived, FRR and the check of tcpdump and tshark (RFC 5798 as commonly read). */
    PSEUDO_HEADER,
    /** Message only (RFC 9568, 5.2.8). */
    MESSAGE_ONLY,
    /** As the first, but with the group for destination in unicast adverts too: keepalived up to 1.3.6. */
    GROUP_PSEUDO_HEADER
}
