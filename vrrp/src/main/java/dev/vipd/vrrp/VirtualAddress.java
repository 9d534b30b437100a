package dev.vipd.vrrp;

import java.net.InetAddress;

/**
 * One virtual IP address (VIP).
 *
 * @param address      the address
 * @param prefixLength prefix it is added to the interface with, 0..32
 */
public record VirtualAddress(InetAddress address, int prefixLength) {
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }
}
