package dev.vipd.netlink.route;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A rule of policy routing: which packets look in which table.
 *
 * @param ipv6                 its family
 * @param priority             FRA_PRIORITY; the lowest comes first
 * @param not                  for the packets that do <em>not</em> fit what follows
 * @param from                 source network
 * @param to                   destination network
 * @param iif                  name of the interface they came in by; empty for any
 * @param oif                  name of the interface they are bound to; empty for any
 * @param mark                 their firewall mark
 * @param tos                  their type of service; 0 for any
 * @param ipProtocol           number of the protocol above IP; 0 for any
 * @param sourcePorts          of TCP, UDP, SCTP
 * @param destinationPorts     of TCP, UDP, SCTP
 * @param table                what to look in, with action LOOKUP
 * @param suppressPrefixLength routes with a prefix of at most this length do not count
 * @param protocol             who made it, {@link Route#RTPROT_VIPD} for ours
 */
public record Rule(
        boolean ipv6,
        long priority,
        boolean not,
        Optional<IpPrefix> from,
        Optional<IpPrefix> to,
        String iif,
        String oif,
        Optional<Mark> mark,
        int tos,
        int ipProtocol,
        Optional<Ports> sourcePorts,
        Optional<Ports> destinationPorts,
        Action action,
        long table,
        OptionalInt suppressPrefixLength,
        int protocol) {

    /** @param mask bits of the mark that are compared */
    public record Mark(int value, int mask) {}

    public record Ports(int first, int last) {}

    /** FR_ACT_*. */
    public enum Action {
        LOOKUP(1),
        BLACKHOLE(6),
        UNREACHABLE(7),
        PROHIBIT(8);

        final int number;

        Action(int number) {
            this.number = number;
        }

        static Optional<Action> of(int number) {
            return Arrays.stream(values()).filter(action -> action.number == number).findFirst();
        }
    }

    /** As {@code ip rule} has it, in short. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder().append(priority).append(':').append(not ? " not" : "");
        out.append(" from ").append(from.map(IpPrefix::toString).orElse("all"));
        to.ifPresent(network -> out.append(" to ").append(network));
        out.append(action == Action.LOOKUP ? " lookup " + table : " " + action.name().toLowerCase(Locale.ROOT));
        return out.toString();
    }
}
