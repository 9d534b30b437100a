package dev.vipd.vrrp;

import dev.vipd.netlink.route.Rule;

/**
 * One of {@code virtual_rules}.
 *
 * @param noTrack {@code no_track}: it is not put back when somebody else deletes it
 */
public record VirtualRule(Rule rule, boolean noTrack) implements Holding {
    @Override
    public Object identity() {
        return rule;
    }

    @Override
    public String toString() {
        return rule.toString();
    }
}
