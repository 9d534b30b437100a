package dev.vipd.ipvs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The smallest ordered change from one table to another. */
public final class TableDiff {
    private TableDiff() {}

    /**
     * One operation for each row that differs. After any prefix of them a service that had a server and shall have one
     * has one: within a service the order is the service itself, additions, edits that raise the weight, other edits,
     * removals. Services are removed last.
     *
     * @param desired  what must be there
     * @param observed what is there
     * @param owned    services that we put there at some time; those of them that are not desired are removed. Any
     *                 other service in {@code observed} but not in {@code desired} is foreign and left alone.
     */
    public static List<IpvsOp> plan(IpvsTable desired, IpvsTable observed, Set<ServiceKey> owned) {
        List<IpvsOp> ops = new ArrayList<>();
        for (IpvsTable.Entry want : desired.entries()) {
            observed.entry(want.service().key()).ifPresentOrElse(
                    found -> change(want, found, ops),
                    () -> {
                        ops.add(new IpvsOp.AddService(want.service()));
                        addMissing(want, Map.of(), ops);
                    });
        }
        for (ServiceKey key : observed.keys()) {
            if (owned.contains(key) && desired.entry(key).isEmpty()) {
                ops.add(new IpvsOp.DeleteService(key));
            }
        }
        return List.copyOf(ops);
    }

    private static void change(IpvsTable.Entry want, IpvsTable.Entry found, List<IpvsOp> ops) {
        if (want.equals(found)) {
            return;
        }
        ServiceKey key = want.service().key();
        if (!want.service().equals(found.service())) {
            ops.add(new IpvsOp.EditService(want.service()));
        }
        addMissing(want, found.destinations(), ops);
        List<IpvsOp> others = new ArrayList<>();
        for (Destination destination : want.destinations().values()) {
            Destination old = found.destinations().get(destination.at());
            if (old != null && !old.equals(destination)) {
                // raised before lowered: or a swap of weights 1,0 to 0,1 would leave nobody for a moment
                List<IpvsOp> turn = destination.weight() > old.weight() ? ops : others;
                turn.add(new IpvsOp.EditDestination(key, destination));
            }
        }
        ops.addAll(others);
        for (Endpoint at : found.destinations().keySet()) {
            if (!want.destinations().containsKey(at)) {
                ops.add(new IpvsOp.DeleteDestination(key, at));
            }
        }
    }

    private static void addMissing(IpvsTable.Entry want, Map<Endpoint, Destination> found, List<IpvsOp> ops) {
        for (Destination destination : want.destinations().values()) {
            if (!found.containsKey(destination.at())) {
                ops.add(new IpvsOp.AddDestination(want.service().key(), destination));
            }
        }
    }
}
