package dev.vipd.director;

import static dev.vipd.director.StatusJson.object;

import dev.vipd.director.config.ServiceConfig;
import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.HealthTransition;
import dev.vipd.healthcheck.pool.MemberState;
import dev.vipd.healthcheck.pool.MemberStatus;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.healthcheck.pool.PoolSummary;
import dev.vipd.healthcheck.probe.CheckStatus;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.ServiceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The {@code services} of {@code vipd status --json}: what their real servers are, and what each check saw. */
final class ServicesJson {
    private static final double NS_PER_MS = 1e6;

    private final StatusSnapshot status;
    private final Map<CheckConfig, CheckStatus> checks;

    private ServicesJson(StatusSnapshot status) {
        this.status = status;
        this.checks = status.checksByConfig();
    }

    /** Made one by one as they are written: ten thousand real servers at a time would be half of the heap. */
    static Iterable<Map<String, Object>> of(StatusSnapshot status) {
        ServicesJson json = new ServicesJson(status);
        Map<String, PoolSummary> summaries = new HashMap<>();
        status.services().summaries().forEach(summary -> summaries.put(summary.name(), summary));
        return () -> status.config().services().stream()
                .map(service -> json.service(service, Optional.ofNullable(summaries.get(service.server().name()))))
                .iterator();
    }

    private Map<String, Object> service(ServiceConfig service, Optional<PoolSummary> summary) {
        String name = service.server().name();
        Map<String, MemberStatus> members = new HashMap<>();
        status.services().members().getOrDefault(name, List.of()).forEach(member -> members.put(member.id(), member));
        List<RealServer> configured = service.server().realServers();
        Iterable<Map<String, Object>> servers = () -> IntStream.range(0, configured.size())
                .mapToObj(i -> {
                    PoolConfig.Member member = service.pool().members().get(i);
                    return realServer(name, configured.get(i), member, Optional.ofNullable(members.get(member.id())));
                })
                .iterator();
        return object(
                "name", name,
                "keys", service.server().keys().stream().map(ServiceKey::toString).toList(),
                "scheduler", service.server().scheduling().scheduler(),
                "quorum", summary.map(s -> object("met", s.met(), "live", s.liveWeight(), "need", s.quorum())),
                "panic", summary.map(PoolSummary::panic),
                "sorry_active", summary.map(s -> !s.sorry().isEmpty()),
                "sorry_servers", service.pool().sorryServers().stream()
                        .map(sorry -> object(
                                "address", sorry.id(),
                                "active", summary.filter(s -> s.sorry().contains(sorry.id())).isPresent(),
                                "checks", checks(sorry)))
                        .toList(),
                "real_servers", servers,
                "leaving", status.services().leaving(name).stream().map(this::leaving).toList());
    }

    private Map<String, Object> leaving(Drains.Progress drain) {
        Map<String, Object> all = object(
                "address", drain.server().address(), "since_s", status.secondsSince(drain.sinceNs()));
        all.putAll(drain(drain));
        return all;
    }

    private Map<String, Object> drain(Drains.Progress drain) {
        return object(
                "connections_left", drain.left().isEmpty() ? null : drain.left().getAsLong(),
                "out_within_s", drain.deadlineNs().isEmpty()
                        ? null
                        : Math.max(0, -status.secondsSince(drain.deadlineNs().getAsLong())));
    }

    private Map<String, Object> realServer(
            String service, RealServer server, PoolConfig.Member member, Optional<MemberStatus> now) {
        return object(
                "address", member.id(),
                "weight", server.weight(),
                "method", server.method(),
                "state", now.map(MemberStatus::state),
                "state_since_s", now.map(m -> status.secondsSince(m.stateSinceNs())),
                "state_why", now.filter(m -> m.state() != MemberState.UP).map(MemberStatus::stateWhy),
                "health", now.map(MemberStatus::health),
                "since_s", now.map(m -> status.secondsSince(m.sinceNs())),
                "why", now.filter(m -> m.health() == HealthState.DOWN).map(MemberStatus::why),
                "admin", now.map(m -> m.admin().mode()),
                "admin_weight", now.filter(m -> m.admin().weight().isPresent()).map(m -> m.admin().weight().getAsInt()),
                "drain", status.services().drain(service, member.id()).map(this::drain),
                "advice", now.map(m -> m.advice().stream().map(Advice::text).toList()),
                "in_table", now.map(m -> m.share().present()),
                "current_weight", now.map(m -> m.share().weight()),
                "ramp_percent", now.map(MemberStatus::rampPercent),
                "kept_by_panic", now.map(MemberStatus::kept),
                "checks", checks(member));
    }

    private List<Map<String, Object>> checks(PoolConfig.Member member) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (CheckConfig check : member.checks()) {
            CheckStatus known = checks.get(check);
            all.add(known == null ? object("kind", check.kind(), "target", check.probe().target()) : check(known));
        }
        return all;
    }

    private Map<String, Object> check(CheckStatus check) {
        return object(
                "kind", check.check().kind(),
                "target", check.check().probe().target(),
                "state", check.verdict().state(),
                "since_s", status.secondsSince(check.sinceNs()),
                "why", check.verdict().reason(),
                "last", check.last().map(CheckOutcome::text),
                "last_s", check.last().map(_ -> status.secondsSince(check.lastAtNs())),
                "took_ms", check.last().flatMap(ServicesJson::tookMs),
                "passes_in_a_row", check.consecutivePasses(),
                "failures_in_a_row", check.consecutiveFailures(),
                "held_down_s", check.heldNs() / NS_PER_MS / 1e3,
                "passed", check.stats().passed(),
                "failed", check.stats().failed(),
                "local_faults", check.stats().localFaults(),
                "history", check.history().stream().map(this::transition).toList());
    }

    private Map<String, Object> transition(HealthTransition transition) {
        return object(
                "to", transition.to(), "why", transition.reason(), "ago_s", status.secondsSince(transition.atNs()));
    }

    private static Optional<Double> tookMs(CheckOutcome outcome) {
        return switch (outcome) {
            case CheckOutcome.Passed passed -> Optional.of(passed.durationNs() / NS_PER_MS);
            case CheckOutcome.Failed failed -> Optional.of(failed.durationNs() / NS_PER_MS);
            case CheckOutcome.LocalFault _ -> Optional.empty();
        };
    }
}
