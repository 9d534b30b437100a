package dev.vipd.director.sim;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import dev.vipd.healthcheck.pool.PoolSummary;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.IpvsTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What must be so for one service after every single operation on the table. */
final class Safety {
    private final Beliefs beliefs;
    private final KernelModel kernel;
    private SimService service;
    /** The configuration as of the last change. */
    private SimService last;
    private List<Member> upBefore = List.of();
    private final Map<String, Long> sameUntilNs = new HashMap<>();
    private IpvsTable before = IpvsTable.EMPTY;
    private IpvsTable desired = IpvsTable.EMPTY;
    /** Ids of members that were out, or drained, when last settled, and those that serve and must go on. */
    private Set<String> out = new HashSet<>();
    private Set<String> drained = new HashSet<>();
    private final Set<String> kept = new HashSet<>();
    private boolean above;
    private boolean panic;

    Safety(SimService service, Beliefs beliefs, KernelModel kernel) {
        this.service = service;
        this.last = service;
        this.beliefs = beliefs;
        this.kernel = kernel;
        above = isAbove();
    }

    void reconfigure(SimService newService) {
        service = newService;
        Set<String> ids = newService.pool().members().stream().map(Member::id).collect(Collectors.toSet());
        sameUntilNs.keySet().retainAll(ids); // who goes and comes back is another
        kept.retainAll(ids);
    }

    private int down() {
        return (int) service.pool().members().stream().filter(this::counts).filter(m -> !beliefs.up(m)).count();
    }

    private boolean counts(Member member) {
        return !beliefs.takenOut(service.name(), member)
                && !beliefs.advised(member, Advice.Kind.MAINTENANCE);
    }

    private boolean isAbove() {
        long counted = service.pool().members().stream().filter(this::counts).count();
        int percent = service.pool().panicPercent();
        return percent > 0 && 100L * down() > percent * counted;
    }

    /** Before a table is programmed: what was there, what is to come, and what the board says of it. */
    void begin(IpvsTable table, IpvsTable newDesired, PoolSummary summary, long nowNs) {
        before = table;
        desired = newDesired;
        boolean wasAbove = above;
        above = isAbove();
        if (!above) {
            Broken.unless(!summary.panic(), "panic ends at the threshold", this::toString);
            kept.clear();
        } else if (!wasAbove) {
            for (Member member : service.pool().members()) {
                boolean served = servedBefore(member) && isIn(last.pool().members(), member)
                        && !isIn(last.pool().sorryServers(), member);
                if (served || beliefs.up(member) || fellJustNow(member, nowNs)) {
                    kept.add(member.id());
                }
            }
            Broken.unless(summary.panic() || kept.isEmpty(), "panic begins above the threshold", this::toString);
        }
        panic = summary.panic();
        if (panic) {
            service.pool().members().stream().filter(beliefs::up).map(Member::id).forEach(kept::add);
        }
        Broken.unless(summary.sorry().isEmpty() || !summary.met(), "a sorry server is for a lost quorum",
                summary::toString);
    }

    private static boolean isIn(List<Member> members, Member member) {
        return members.stream().anyMatch(other -> other.id().equals(member.id()));
    }

    /** A check is about to say something else. */
    void beforeVerdict() {
        upBefore = service.pool().members().stream().filter(beliefs::up).toList();
    }

    /** It did: who went down by it, and for how long others can go down by the same. */
    void afterVerdict(CheckConfig check, long nowNs) {
        for (Member member : upBefore) {
            if (!beliefs.up(member)) {
                sameUntilNs.put(member.id(), nowNs + check.timing().delayLoopNs() + check.timing().timeoutNs());
            }
        }
    }

    private boolean fellJustNow(Member member, long nowNs) {
        return !beliefs.up(member) && sameUntilNs.containsKey(member.id())
                && sameUntilNs.get(member.id()) - nowNs >= 0;
    }

    /** After every operation of a change. */
    void afterOperation() {
        if (KernelModel.serves(before, service.key()) && KernelModel.serves(desired, service.key())) {
            Broken.unless(kernel.serves(service.key()), "no step leaves a service empty", this::toString);
        }
        for (Member member : service.pool().members()) {
            Optional<Destination> row = kernel.row(service.key(), service.at(member));
            int weight = row.map(Destination::weight).orElse(0);
            Admin.Mode mode = beliefs.admin(service.name(), member).mode();
            Broken.unless(!(beliefs.takenOut(service.name(), member) && out.contains(member.id()) && row.isPresent()),
                    "who is taken out is absent", () -> member.id() + " of " + this);
            Broken.unless(!(mode == Admin.Mode.DRAIN && drained.contains(member.id()) && weight > 0),
                    "who is drained has weight 0", () -> member.id() + " of " + this);
            if (panic && kept.contains(member.id()) && servedBefore(member) && mustServe(member)) {
                Broken.unless(weight > 0, "in panic nobody that was kept goes", () -> member.id() + " of " + this);
            }
        }
    }

    private boolean servedBefore(Member member) {
        return before.entry(service.key())
                .map(entry -> entry.destinations().get(service.at(member)))
                .filter(destination -> destination.weight() > 0)
                .isPresent();
    }

    private boolean mustServe(Member member) {
        return beliefs.wanted(service.name(), member)
                && beliefs.weight(service.name(), member) > 0
                && !sorryServes();
    }

    private boolean sorryServes() {
        return !service.pool().sorryServers().isEmpty() && liveWeight() < service.pool().quorum()
                        + service.pool().hysteresis();
    }

    private long liveWeight() {
        return service.pool().members().stream()
                .filter(m -> beliefs.up(m) || panic && kept.contains(m.id()))
                .filter(m -> beliefs.wanted(service.name(), m))
                .mapToLong(m -> beliefs.weight(service.name(), m))
                .sum();
    }

    /** When the whole change is made. */
    void end() {
        out = new HashSet<>();
        drained = new HashSet<>();
        for (Member member : service.pool().members()) {
            Optional<Destination> row = kernel.row(service.key(), service.at(member));
            boolean present = row.isPresent();
            boolean advisedOut = beliefs.advised(member, Advice.Kind.MAINTENANCE);
            switch (beliefs.admin(service.name(), member).mode()) {
                case DISABLED, DRAINED -> out.add(member.id());
                case DRAIN -> {
                    drained.add(member.id());
                    Broken.unless(present || advisedOut, "who is drained stays", () -> member.id() + " of " + this);
                }
                case ENABLED -> Broken.unless(
                        present || !service.pool().inhibitOnFailure() || advisedOut,
                        "with inhibit_on_failure who failed stays", () -> member.id() + " of " + this);
            }
            if (panic && kept.contains(member.id()) && mustServe(member)) {
                Broken.unless(row.map(Destination::weight).orElse(0) > 0,
                        "in panic who was up serves", () -> member.id() + " of " + this);
            }
        }
        afterOperation();
        last = service;
        Broken.unless(liveWeight() == 0 || kernel.serves(service.key()),
                "a service with members that are up is not empty", this::toString);
    }

    @Override
    public String toString() {
        return service.name() + (panic ? " in panic, kept " + kept : "") + ", " + down() + " down of "
                + service.pool().members().size() + "\n" + service.pool() + "\n" + kernel.table();
    }
}
