package dev.vipd.director.config;

import dev.vipd.director.config.MarkedGroup.Target;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceKey.Protocol;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What only one virtual server of the file may have: addresses with a port and a protocol, and firewall marks. */
final class KeyClaims {
    private static final Comparator<Claim> BY_ADDRESS = Comparator.comparing(Claim::protocol)
            .thenComparing(Claim::ipv6)
            .thenComparingInt(claim -> claim.target().port())
            .thenComparing(Claim::first)
            .thenComparingInt(Claim::order);

    private final List<Claim> claims = new ArrayList<>();
    private final Map<ServiceKey.Mark, String> marks = new HashMap<>();
    private final Set<Long> numbers = new HashSet<>();

    private record Claim(
            int order, String owner, Value at, Protocol protocol, boolean ipv6, Target target, BigInteger first,
            BigInteger last) {
        boolean isBeside(Claim other) {
            return protocol == other.protocol && ipv6 == other.ipv6 && target.port() == other.target.port();
        }
    }

    /** The addresses of a virtual server, as services of their own or by one mark. */
    void addresses(String owner, Value at, Protocol protocol, boolean ipv6, List<Target> targets) {
        for (Target target : targets) {
            claims.add(new Claim(claims.size(), owner, at, protocol, ipv6, target, Ranges.number(target.first()),
                    Ranges.number(target.last())));
        }
    }

    /** A mark that stands in the file. */
    void mark(String owner, Value at, ServiceKey.Mark mark) {
        numbers.add(mark.mark());
        String other = marks.putIfAbsent(mark, owner);
        if (other != null) {
            at.error(mark + " is already the service " + other + "; put the real servers there, or give another mark");
        }
    }

    /** Whether some service has it, of either family. */
    boolean hasMark(long mark) {
        return numbers.contains(mark);
    }

    /** Reports what two have. Of those the later one is told, once for each of its lines. */
    void examine() {
        Set<Value> told = new HashSet<>();
        Claim reach = null;
        for (Claim claim : claims.stream().sorted(BY_ADDRESS).toList()) {
            boolean beside = reach != null && reach.isBeside(claim);
            if (beside && !claim.owner().equals(reach.owner()) && claim.first().compareTo(reach.last()) <= 0) {
                Claim later = claim.order() > reach.order() ? claim : reach;
                Claim earlier = later == claim ? reach : claim;
                ServiceKey key = ServiceKey.of(claim.protocol(), claim.target().first(), claim.target().port());
                if (told.add(later.at())) {
                    later.at().error(key + " is already the service " + earlier.owner()
                            + "; put the real servers there, or change the address, port or protocol");
                }
            }
            if (!beside || claim.last().compareTo(reach.last()) > 0) {
                reach = claim;
            }
        }
    }
}
