package dev.vipd.vrrp;

import java.net.InetAddress;
import java.util.Optional;

/**
 * One entry of {@code vrrp_track_ping}: whether a gateway or a witness answers.
 *
 * @param name          key in the configuration
 * @param address       who is asked
 * @param interfaceName interface that it is asked on; empty: as routed. ARP and link-local addresses need one
 * @param arp           by ARP instead of ICMP echo; IPv4 only
 * @param intervalNs    time from one question to the next
 * @param timeoutNs     after that it counts as not answered; at most the interval
 * @param rise          answers in a row that make it up
 * @param fall          questions without an answer, in a row, that make it down
 */
public record TrackPingConfig(
        String name,
        InetAddress address,
        Optional<String> interfaceName,
        boolean arp,
        long intervalNs,
        long timeoutNs,
        int rise,
        int fall) {}
