package dev.vipd.director;

import dev.vipd.director.config.ServiceConfig;
import dev.vipd.director.hooks.HookStatus;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.pool.MemberState;
import dev.vipd.healthcheck.pool.MemberStatus;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.healthcheck.pool.PoolSummary;
import dev.vipd.healthcheck.probe.CheckStatus;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.JudgedTable;
import dev.vipd.ipvs.Judgement;
import dev.vipd.vrrp.ClaimBlock;
import dev.vipd.vrrp.Conflict;
import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.VirtualRouterStatus;
import dev.vipd.vrrp.io.TrackerStatus;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code vipd status} for people: what is the case, since when, and why. */
final class StatusText {
    private final StatusSnapshot status;
    private final StringBuilder out = new StringBuilder();

    private StatusText(StatusSnapshot status) {
        this.status = status;
    }

    static String of(StatusSnapshot status) {
        StatusText text = new StatusText(status);
        text.out.append("vipd ").append(Version.text()).append("  node ").append(status.config().global().routerId())
                .append("  pid ").append(ProcessHandle.current().pid()).append("  ").append(status.file()).append('\n');
        text.instances();
        text.trackers();
        text.hooks();
        text.services();
        text.kernel();
        return text.out.toString();
    }

    private void instances() {
        List<List<String>> rows = new ArrayList<>();
        for (VirtualRouterStatus router : status.instances()) {
            String priority = router.effectivePriority() == router.config().priority()
                    ? String.valueOf(router.effectivePriority())
                    : router.effectivePriority() + " (base " + router.config().priority() + ")";
            rows.add(List.of(
                    router.config().name(),
                    router.state().toString(),
                    ago(router.sinceNs()),
                    why(router),
                    priority,
                    router.master().map(StatusText::peer).orElse("-"),
                    router.config().interfaceName() + " vrid " + router.config().virtualRouterId(),
                    joined(router.config().addresses())));
        }
        table(List.of("INSTANCE", "STATE", "SINCE", "WHY", "PRIORITY", "MASTER", "ON", "ADDRESSES"), rows);
    }

    private static String why(VirtualRouterStatus router) {
        String faults = router.faults().stream().map(FaultReason::toString).collect(Collectors.joining(", "));
        String why = faults.isEmpty() ? router.why().toString() : faults;
        String conflicts = router.conflicts().stream().map(StatusText::conflict).collect(Collectors.joining());
        String handover = router.handover().map(goal -> ", hands over for " + goal.wireName()).orElse("")
                + (router.standsAside() ? ", preempts nobody" : "");
        String missing = router.missing().isEmpty() ? "" : ", not held: " + joined(router.missing());
        String blocks = router.claimBlocks().stream().map(ClaimBlock::toString).collect(Collectors.joining(", "));
        String waits = router.awaitsClaim() ? ", waits for " + blocks : "";
        return why + waits + handover + conflicts + missing;
    }

    private static String conflict(Conflict conflict) {
        String priority = conflict.priority().isPresent() ? " prio " + conflict.priority().getAsInt() : "";
        String peer = conflict.peer().map(InetAddress::getHostAddress).orElse("?");
        return ", CONFLICT (" + conflict.kind().wireName() + ") with " + peer + priority;
    }

    private static String peer(VirtualRouterStatus.Peer peer) {
        return peer.address().getHostAddress() + " prio " + peer.priority();
    }

    private static String joined(List<? extends Holding> items) {
        return items.stream().map(Holding::toString).collect(Collectors.joining(" "));
    }

    private void trackers() {
        List<List<String>> rows = new ArrayList<>();
        for (TrackerStatus tracker : status.trackers()) {
            rows.add(List.of(
                    tracker.tracker().kind().wireName() + " " + tracker.tracker().name(),
                    tracker.state().toString(),
                    ago(tracker.sinceNs()),
                    tracker.why()));
        }
        table(List.of("TRACKER", "STATE", "SINCE", "WHY"), rows);
    }

    /** What failed, or was left out, says so in its own column: that is what somebody looks for at night. */
    private void hooks() {
        List<List<String>> rows = new ArrayList<>();
        for (HookStatus hook : status.hooks()) {
            String result = hook.phase() == HookStatus.Phase.RUNNING ? "running" : hook.result()
                    + (hook.lastLine().isEmpty() ? "" : ": " + hook.lastLine());
            rows.add(List.of(
                    hook.name() + " " + hook.hook(),
                    hook.phase().toString(),
                    ago(hook.sinceNs()),
                    hook.state().toString(),
                    (hook.failures() == 0 ? "" : hook.failures() + " failed ")
                            + (hook.skipped() == 0 ? "" : hook.skipped() + " skipped"),
                    result));
        }
        table(List.of("HOOK", "RESULT", "SINCE", "FOR", "SO FAR", "LAST"), rows);
    }

    private void services() {
        List<List<String>> rows = new ArrayList<>();
        Map<CheckConfig, CheckStatus> checks = status.checksByConfig();
        Map<String, PoolSummary> summaries = new HashMap<>();
        status.services().summaries().forEach(summary -> summaries.put(summary.name(), summary));
        for (ServiceConfig service : status.config().services()) {
            PoolSummary summary = summaries.get(service.server().name());
            if (summary == null) {
                continue; // a reload is under way
            }
            rows.add(List.of(
                    summary.name() + "  " + service.server().describeKeys(),
                    state(service, summary),
                    "",
                    why(summary)));
            Map<String, PoolConfig.Member> configured = new HashMap<>();
            service.pool().members().forEach(member -> configured.put(member.id(), member));
            for (MemberStatus member : status.services().members().getOrDefault(summary.name(), List.of())) {
                PoolConfig.Member config = configured.get(member.id());
                int weight = member.share().present() || config == null ? member.share().weight() : config.weight();
                rows.add(List.of(
                        "  -> " + member.id() + " weight " + weight,
                        member.state().toString(),
                        ago(member.stateSinceNs()),
                        why(summary.name(), member, config, checks)));
            }
            status.services().leaving(summary.name()).forEach(drain -> rows.add(List.of(
                    "  -> " + drain.server().address() + " weight 0", MemberState.DRAIN.toString(),
                    ago(drain.sinceNs()), "left the configuration" + left(Optional.of(drain)))));
            for (PoolConfig.Member sorry : service.pool().sorryServers()) {
                rows.add(List.of("  sorry " + sorry.id() + " weight " + sorry.weight(),
                        state(sorry, summary, checks), "", lastResults(sorry, checks)));
            }
        }
        table(List.of("SERVICE", "STATE", "SINCE", "WHY"), rows);
    }

    /** A service that should be there and is not forwards nothing, however healthy its servers are. */
    private String state(ServiceConfig service, PoolSummary summary) {
        boolean inKernel =
                status.observed().filter(o -> o.table().keys().containsAll(service.server().keys())).isPresent();
        return !inKernel ? "NOT IN KERNEL" : summary.panic() ? "PANIC" : summary.met() ? "UP" : "DOWN";
    }

    private static String state(
            PoolConfig.Member sorry, PoolSummary summary, Map<CheckConfig, CheckStatus> checks) {
        boolean up = sorry.checks().stream()
                .map(checks::get)
                .allMatch(check -> check == null || check.verdict().state() == HealthState.UP);
        return summary.sorry().contains(sorry.id()) ? "ACTIVE" : up ? "READY" : "DOWN";
    }

    private static String why(PoolSummary summary) {
        return "weight " + summary.liveWeight() + " up, quorum " + summary.quorum()
                + (summary.panic() ? ", so many are down at once that the last known set is kept" : "")
                + (summary.sorry().isEmpty() ? "" : ", sorry server active: " + String.join(" ", summary.sorry()));
    }

    private String left(Optional<Drains.Progress> drain) {
        return drain.map(it -> DrainText.left(it, status.nowNs())).filter(it -> !it.isEmpty()).map(it -> ", " + it)
                .orElse("");
    }

    private String why(
            String service,
            MemberStatus member,
            PoolConfig.Member configured,
            Map<CheckConfig, CheckStatus> checks) {
        String ramp = member.rampPercent() < 100 ? ", slow start at " + member.rampPercent() + "%" : "";
        String health = member.health() == HealthState.UP ? lastResults(configured, checks) : member.why();
        String weight = member.admin().weight().isPresent() ? ", weight by operator" : "";
        String held = heldSeconds(configured, checks);
        return switch (member.state()) {
            case UP, DOWN -> health + held + ramp + weight;
            case KEPT -> member.stateWhy() + weight;
            case DRAIN, DRAINED, DISABLED, MAINT -> member.stateWhy()
                    + left(status.services().drain(service, member.id())) + weight + "; its checks: " + health;
        };
    }

    private static String lastResults(PoolConfig.Member configured, Map<CheckConfig, CheckStatus> checks) {
        if (configured == null || configured.checks().isEmpty()) {
            return "no checks";
        }
        return configured.checks().stream()
                .map(check -> check.kind() + ": " + Optional.ofNullable(checks.get(check))
                        .flatMap(CheckStatus::last)
                        .map(CheckOutcome::text)
                        .orElse("no result yet"))
                .collect(Collectors.joining(", "));
    }

    private static String heldSeconds(PoolConfig.Member configured, Map<CheckConfig, CheckStatus> checks) {
        long heldNs = configured == null ? 0 : configured.checks().stream()
                .map(checks::get)
                .filter(Objects::nonNull)
                .mapToLong(CheckStatus::heldNs)
                .max()
                .orElse(0);
        return heldNs == 0 ? "" : ", held down for flapping, " + heldNs / 1_000_000_000L + "s left";
    }

    private void kernel() {
        if (status.config().services().isEmpty() && status.observed().isEmpty()) {
            return;
        }
        if (status.observed().isEmpty()) {
            out.append("\nKERNEL TABLE  can't be reached; the log says why (ipvs.unavailable)\n");
            return;
        }
        JudgedTable judged = status.judged();
        List<List<String>> rows = new ArrayList<>();
        for (JudgedTable.ServiceRow service : judged.services()) {
            rows.add(List.of(service.service().key() + " " + service.service().describe(), "", "", "",
                    unlessOurs(service.judgement())));
            // which need not be said of each row
            boolean foreign = service.judgement().kind() == Judgement.Kind.FOREIGN;
            for (JudgedTable.DestinationRow row : service.destinations()) {
                Destination destination = row.destination();
                rows.add(List.of(
                        "  -> " + destination.at(),
                        ForwardingMethod.word(destination.forwarding()) + " weight " + destination.weight(),
                        row.present() ? String.valueOf(row.load().active()) : "-",
                        row.present() ? String.valueOf(row.load().inactive()) : "-",
                        foreign ? "" : unlessOurs(row.judgement())));
            }
        }
        table(List.of("KERNEL TABLE", "FORWARD", "ACTIVE", "INACTIVE", ""), rows);
        if (judged.foreignServices() > 0) {
            out.append("and ").append(judged.foreignServices())
                    .append(" services of others that vipd does not look into\n");
        }
    }

    private static String unlessOurs(Judgement judgement) {
        return judgement.kind() == Judgement.Kind.OURS ? "" : judgement.text();
    }

    private String ago(long sinceNs) {
        long seconds = (status.nowNs() - sinceNs) / 1_000_000_000L;
        return seconds < 120 ? String.format(Locale.ROOT, "%.1fs", status.secondsSince(sinceNs))
                : seconds < 7200 ? seconds / 60 + "m"
                : seconds < 172_800 ? seconds / 3600 + "h"
                : seconds / 86_400 + "d";
    }

    /** Aligned columns; nothing when there are no rows. */
    private void table(List<String> head, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        List<List<String>> all = new ArrayList<>();
        all.add(head);
        all.addAll(rows);
        int[] widths = new int[head.size()];
        for (List<String> row : all) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        out.append('\n');
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
    }
}
