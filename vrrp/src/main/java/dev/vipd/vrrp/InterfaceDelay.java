package dev.vipd.vrrp;

/**
 * One of {@code interface_up_down_delays}: for how long an interface must stay as it is until that counts.
 *
 * @param downNs after it went down; 0 for at once
 * @param upNs   after it came up
 */
public record InterfaceDelay(String interfaceName, long downNs, long upNs) {}
