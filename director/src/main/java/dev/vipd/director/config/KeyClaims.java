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
        Claim before = null;
        Claim reach = null; // of those before, the one that ends last
        for (Claim claim : claims.stream().sorted(BY_ADDRESS).toList()) {
            report(before, claim, told);
            report(reach, claim, told);
            before = claim;
            if (reach == null || !reach.isBeside(claim) || claim.last().compareTo(reach.last()) > 0) {
                reach = claim;
            }
        }
    }

    /** @param lower begins at the same address or below */
    private static void report(Claim lower, Claim claim, Set<Value> told) {
        if (lower == null || !lower.isBeside(claim) || lower.owner().equals(claim.owner())
                || claim.first().compareTo(lower.last()) > 0) {
            return;
        }
        Claim later = claim.order() > lower.order() ? claim : lower;
        if (told.add(later.at())) {
            ServiceKey key = ServiceKey.of(claim.protocol(), claim.target().first(), claim.target().port());
            later.at().error(key + " is already the service " + (later == claim ? lower : claim).owner()
                    + "; put the real servers there, or change the address, port or protocol");
        }
    }
}
