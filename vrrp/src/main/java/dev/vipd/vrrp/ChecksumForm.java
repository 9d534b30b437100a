package dev.vipd.vrrp;

/** What the checksum of a version 3 advert over IPv4 covers. Adverts of version 2 never have a pseudo-header. */
public enum ChecksumForm {
    /** Pseudo-header and message: keepalived, FRR and the check of tcpdump and tshark (RFC 5798 as commonly read). */
    PSEUDO_HEADER,
    /** Message only (RFC 9568, 5.2.8). */
    MESSAGE_ONLY
}
