package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.netlink.sys.Errno;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which services have their fallback scheduler, since the kernel has not the wanted one. */
final class Fallbacks {
    /** A service as it is to be, and as it is meanwhile. */
    private record Fallen(Service wanted, Service taken) {}

    private final IpvsListener listener;
    private final Map<ServiceKey, Fallen> fallen = new LinkedHashMap<>();
    private final Set<ServiceKey> untold = new HashSet<>();
    private DesiredTable desired = DesiredTable.EMPTY;

    Fallbacks(IpvsListener listener) {
        this.listener = listener;
    }

    /** Takes what is desired from now on; what is asked otherwise than before is first tried as it is asked. */
    void use(DesiredTable newDesired) {
        desired = newDesired;
        fallen.values().removeIf(it -> !wanted(it.wanted.key()).equals(Optional.of(it.wanted))
                || !it.taken.scheduler().equals(desired.fallbacks().get(it.wanted.key())));
        untold.retainAll(fallen.keySet());
    }

    private Optional<Service> wanted(ServiceKey key) {
        return desired.table().entry(key).map(IpvsTable.Entry::service);
    }

    /** The desired table, as far as the kernel can have it. */
    IpvsTable table() {
        List<IpvsTable.Entry> changed = new ArrayList<>();
        fallen.forEach((key, it) -> desired.table().entry(key).ifPresent(
                entry -> changed.add(new IpvsTable.Entry(it.taken, entry.destinations()))));
        return changed.isEmpty() ? desired.table() : desired.table().replacing(changed);
    }

    /** @return whether the kernel has not the scheduler and there is another, which is in {@link #table()} now */
    boolean take(IpvsOp op, int errno) {
        String fallback = desired.fallbacks().get(op.key());
        boolean setsScheduler = op instanceof IpvsOp.AddService || op instanceof IpvsOp.EditService;
        if (!setsScheduler || errno != Errno.ENOENT || fallback == null || fallen.containsKey(op.key())) {
            return false;
        }
        Service wanted = wanted(op.key()).orElseThrow();
        fallen.put(op.key(), new Fallen(wanted, wanted.withScheduler(fallback)));
        untold.add(op.key());
        return true;
    }

    /** One request for each service in {@code seen} that has its fallback, to give it the wanted scheduler. */
    List<IpvsOp> attempts(IpvsTable seen) {
        fallen.values().removeIf(it -> has(seen, it.wanted)); // somebody else gave it that
        return fallen.values().stream()
                .filter(it -> has(seen, it.taken))
                .<IpvsOp>map(it -> new IpvsOp.EditService(it.wanted))
                .toList();
    }

    private static boolean has(IpvsTable table, Service service) {
        return table.entry(service.key()).map(IpvsTable.Entry::service).equals(Optional.of(service));
    }

    /** The kernel has the wanted scheduler. */
    void end(ServiceKey key) {
        fallen.remove(key);
        untold.remove(key);
    }

    /** Tells of those that have their fallback now; one that the kernel refuses too is as if there were none. */
    void tell(IpvsTable left, Map<ServiceKey, String> names) {
        for (ServiceKey key : untold) {
            Fallen it = fallen.get(key);
            if (has(left, it.taken)) {
                listener.onFallback(names.get(key), key, it.wanted.scheduler(), it.taken.scheduler());
            } else {
                fallen.remove(key);
            }
        }
        untold.clear();
    }
}
