package dev.vipd.vrrp.sim;

import dev.vipd.vrrp.VirtualRouter;
import dev.vipd.vrrp.VirtualRouterStatus;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.VrrpEvent.Deadline;
import dev.vipd.vrrp.VrrpEvent.PacketReceived;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.VrrpState;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** What must hold of each single step of one virtual router. */
final class EventChecker {
    private final VirtualRouter router;
    private VirtualRouterStatus before;
    private long lastSentNs;

    EventChecker(VirtualRouter router) {
        this.router = router;
        before = router.status();
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    static void require(boolean holds, Supplier<String> what) {
        if (!holds) {
            throw new AssertionError(what.get());
        }
    }

    long silenceNs(long nowNs) {
        return nowNs - lastSentNs;
    }

    List<VrrpEffect> on(VrrpEvent event, long nowNs) {
        OptionalLong deadline = router.nextDeadlineNs();
        List<VrrpEffect> effects = router.on(event, nowNs);
        VirtualRouterStatus after = router.status();
        if (event instanceof PacketReceived && rejections(after) > rejections(before)) {
            require(deadline.equals(router.nextDeadlineNs()), "a rejected packet moved a deadline");
            require(before.state() == after.state(), "a rejected packet changed the state");
            require(effects.stream().allMatch(VrrpEffect.Report.class::isInstance), "a rejected packet had effects");
        }
        if (event instanceof Deadline) {
            require(
                    router.nextDeadlineNs().isEmpty() || router.nextDeadlineNs().getAsLong() - nowNs > 0,
                    "a deadline is still due after it was handled");
        }
        boolean runs = after.state() == VrrpState.BACKUP || after.state() == VrrpState.MASTER;
        require(runs == router.nextDeadlineNs().isPresent(), "timers run in BACKUP and MASTER, and only there");
        require(after.faults().isEmpty() || !runs, () -> "takes part with faults " + after.faults());
        require(after.term() - before.term() == (became(effects, VrrpState.MASTER) ? 1 : 0), "term counts ownerships");
        require(
                !runs || untilDeadlineNs(nowNs) <= longestWaitNs(after),
                () -> "waits longer than " + longestWaitNs(after));
        checkReports(after, effects);
        checkOrder(after, effects);
        if (effects.stream().anyMatch(VrrpEffect.SendAdvert.class::isInstance)) {
            lastSentNs = nowNs;
        }
        before = after;
        return effects;
    }

    private long untilDeadlineNs(long nowNs) {
        return router.nextDeadlineNs().orElseThrow() - nowNs;
    }

    private static long longestWaitNs(VirtualRouterStatus status) {
        return status.state() == VrrpState.MASTER ? status.masterAdvertIntervalNs() : status.masterDownIntervalNs();
    }

    private static long rejections(VirtualRouterStatus status) {
        return status.stats().rejected().values().stream().mapToLong(Long::longValue).sum();
    }

    /** A change of state is reported once, and no report tells of one that was not. */
    private void checkReports(VirtualRouterStatus after, List<VrrpEffect> effects) {
        List<VrrpReport.StateChanged> changes = effects.stream()
                .filter(VrrpEffect.Report.class::isInstance)
                .map(effect -> ((VrrpEffect.Report) effect).report())
                .filter(VrrpReport.StateChanged.class::isInstance)
                .map(VrrpReport.StateChanged.class::cast)
                .toList();
        require(changes.size() <= 1, "one event changes the state once");
        require(changes.isEmpty() == (before.state() == after.state()), "reported as it is");
        changes.forEach(change -> require(
                change.from() == before.state() && change.to() == after.state() && change.term() == after.term(),
                "reported as it is: " + change));
    }

    private static boolean became(List<VrrpEffect> effects, VrrpState state) {
        return effects.stream()
                .anyMatch(effect -> effect instanceof VrrpEffect.Report(VrrpReport.StateChanged change)
                        && change.to() == state);
    }

    /** Send, add, remove, announce, report; and what only a master may do. */
    private static void checkOrder(VirtualRouterStatus after, List<VrrpEffect> effects) {
        int last = 0;
        for (VrrpEffect effect : effects) {
            boolean master = after.state() == VrrpState.MASTER;
            int rank = switch (effect) {
                case VrrpEffect.SendAdvert advert -> {
                    require(master == advert.advert().priority() > 0, () -> "sent in " + after.state() + ": " + advert);
                    yield 1;
                }
                case VrrpEffect.AddHoldings _ -> {
                    require(master, "adds addresses in " + after.state());
                    yield 2;
                }
                case VrrpEffect.RemoveHoldings _ -> 3;
                case VrrpEffect.Announce _ -> {
                    require(master, "announces in " + after.state());
                    yield 4;
                }
                case VrrpEffect.Report _ -> 5;
            };
            // several timers may be due at once: then addresses are added or announced more than once
            require(rank >= last || last < 5 && rank > 1, () -> "order of effects: " + effects);
            last = rank;
        }
    }
}
