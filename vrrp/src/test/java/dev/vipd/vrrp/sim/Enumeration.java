package dev.vipd.vrrp.sim;

import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.TrackingConfig;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.sim.Fault.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Every short schedule of faults for two directors: at each point of a coarse grid in time one of a few things begins,
 * or ends if it had begun, or nothing does.
 */
final class Enumeration {
    /** What can happen at a point of the grid; null: nothing. */
    private record Action(Kind kind, int host, int other) {}

    /** One pair of directors, and how far the points of the grid are apart. */
    record Variant(
            String name, int version, int priorityA, int priorityB, boolean preempt, long delayNs, long gridNs) {}

    static final List<Variant> VARIANTS = List.of(
            new Variant("preempt", 3, 200, 100, true, 0, 1_700 * Plan.MS),
            new Variant("equal", 3, 100, 100, true, 0, 700 * Plan.MS),
            new Variant("nopreempt", 3, 200, 100, false, 0, 1_300 * Plan.MS),
            new Variant("version 2", 2, 200, 100, true, 0, 2_100 * Plan.MS),
            new Variant("preempt delay", 3, 200, 100, true, 2 * Plan.SECOND, 1_900 * Plan.MS),
            new Variant("owner", 3, 255, 100, true, 0, 1_100 * Plan.MS));

    private static final List<Action> ACTIONS = new ArrayList<>();

    static {
        ACTIONS.add(null);
        for (int host = 0; host < 2; host++) {
            for (Kind kind : List.of(Kind.CRASH, Kind.STOP, Kind.FREEZE, Kind.CUT, Kind.LINK_DOWN, Kind.WEIGHT)) {
                ACTIONS.add(new Action(kind, host, 1 - host));
            }
        }
        ACTIONS.add(new Action(Kind.DELETE, 0, 1));
    }

    private final Variant variant;
    private final int points;

    /** @param points how many points the grid has: there are 14 to the power of this schedules */
    Enumeration(Variant variant, int points) {
        this.variant = variant;
        this.points = points;
    }

    int schedules() {
        return Math.powExact(ACTIONS.size(), points);
    }

    /**
     * Runs one schedule.
     *
     * @return simulated time, in nanoseconds
     */
    long run(int number) {
        return new Simulation(plan(number)).run().simulatedNs();
    }

    private Plan plan(int number) {
        List<Fault> faults = new ArrayList<>();
        long firstNs = 6 * Plan.SECOND; // there is a master by then
        long endNs = firstNs + points * variant.gridNs();
        List<Action> done = IntStream.range(0, points)
                .mapToObj(point -> ACTIONS.get(number / Math.powExact(ACTIONS.size(), point) % ACTIONS.size()))
                .toList();
        boolean[] closed = new boolean[points];
        for (int point = 0; point < points; point++) {
            Action action = done.get(point);
            if (action != null && !closed[point]) {
                int end = point + 1;
                while (end < points && !action.equals(done.get(end))) {
                    end++;
                }
                if (end < points) {
                    closed[end] = true;
                }
                long atNs = firstNs + point * variant.gridNs();
                faults.add(new Fault(atNs, Math.min(endNs, firstNs + end * variant.gridNs()) - atNs, action.kind(),
                        action.host(), action.other(), 0));
            }
        }
        String name = "POINTS=" + points + " VARIANT=" + Enumeration.VARIANTS.indexOf(variant) + " NUMBER=" + number;
        return new Plan(name, number, List.of(config(0, variant.priorityA()), config(1, variant.priorityB())), false,
                List.of(0L, 100L), endNs, faults);
    }

    private VirtualRouterConfig config(int id, int priority) {
        return new VirtualRouterConfig(
                "VI_1", "eth0", 51, variant.version(), priority, Plan.SECOND,
                ElectionConfig.DEFAULT.preempting(variant.preempt(), variant.delayNs()),
                TransportConfig.of(Optional.of(Plan.address(id, false)), List.of(), ChecksumForm.PSEUDO_HEADER),
                HoldingConfig.of(Plan.addresses(2, false)), AnnounceConfig.DEFAULT,
                TrackingConfig.of(new TrackRef(SimHost.WEIGHTED, id == 0 ? -150 : 150)));
    }
}
