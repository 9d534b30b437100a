package dev.vipd.vrrp;

import dev.vipd.vrrp.wire.Advertisement;
import java.net.InetAddress;
import java.util.List;

/**
 * What a {@link VirtualRouter} wants done. The order in the returned list is part of the contract and is to be kept:
 * becoming master is send, add, announce; ceasing to be is send (priority 0, where due), remove. Reports come last.
 */
public sealed interface VrrpEffect {

    /** Sends one advert from {@code source} to each of {@code destinations}: the group, or the unicast peers. */
    record SendAdvert(
            Advertisement advert, InetAddress source, List<InetAddress> destinations, ChecksumForm checksum)
            implements VrrpEffect {}

    /**
     * Adds VIPs, routes and rules. One that is there already counts as added; it takes the place of one that has the
     * same identity and other options. One that the kernel refuses comes back as {@link VrrpEvent.HoldingAddFailed}.
     */
    record AddHoldings(List<? extends Holding> items) implements VrrpEffect {}

    /** Removes them, the last first. One that is not there counts as removed. */
    record RemoveHoldings(List<? extends Holding> items) implements VrrpEffect {}

    /**
     * Sends gratuitous ARP: {@code repeat} times round the addresses. Addresses whose addition just failed are to be
     * left out: nobody may be drawn to an address that is not held.
     */
    record Announce(List<VirtualAddress> addresses, int repeat, Round round) implements VrrpEffect {

        /** Which round of announcing it is. */
        public enum Round {
            /** On becoming master. */
            FIRST("first"),
            /** {@code garp_master_delay} later. */
            SECOND("second"),
            /** {@code garp_master_refresh}. */
            REFRESH("refresh"),
            /** {@code garp_extra_if}. */
            EXTRA("extra"),
            /** Another router claimed the addresses. */
            CONFLICT("conflict"),
            /** Addresses added while master: by a reload, or put back. */
            ADDED("added");

            private final String wireName;

            Round(String wireName) {
                this.wireName = wireName;
            }

            public String wireName() {
                return wireName;
            }
        }
    }

    /** Tells people; changes nothing. */
    record Report(VrrpReport report) implements VrrpEffect {}
}
