package dev.vipd.director;

import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.director.events.Level;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.ipvs.kernel.IpvsClient;
import dev.vipd.ipvs.kernel.IpvsInfo;
import dev.vipd.ipvs.kernel.IpvsKernel;
import dev.vipd.ipvs.kernel.IpvsOutcome;
import dev.vipd.ipvs.kernel.IpvsUnavailableException;
import dev.vipd.netlink.NetlinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The kernel's table as it would be: what it is, with the changes that were not made. */
final class DryRunIpvs implements IpvsKernel {
    /**
     * Set in the training run of the image (packaging/train): it takes over a VIP for real, in a network namespace of
     * its own, so that the start-up cache has all of that; but the machine that builds need not have IPVS.
     */
    private static final boolean TRAINING = Boolean.getBoolean("vipd.training");

    private final Optional<IpvsKernel> kernel;
    private IpvsTable real = IpvsTable.EMPTY;
    /** Services that would have been changed; bounded by what is real or would be. */
    private final Set<ServiceKey> changed = new HashSet<>();
    /** The services of {@link #changed} as they would be. */
    private IpvsTable ours = IpvsTable.EMPTY;
    private Timeouts wanted = Timeouts.UNCHANGED;
    private final Map<SyncDaemon.Role, SyncDaemon> daemons = new EnumMap<>(SyncDaemon.Role.class);
    private boolean daemonsRead;

    /** @param kernel empty: as if the table were empty */
    DryRunIpvs(Optional<IpvsKernel> kernel) {
        this.kernel = kernel;
    }

    /** The kernel's table, after a look whether it is there: a director without it would draw traffic and drop it. */
    static IpvsKernel openKernel(boolean dryRun, EventLog log) throws IOException {
        IpvsClient client = IpvsClient.open();
        try {
            client.dump();
        } catch (IOException e) {
            client.close();
            if (dryRun || TRAINING) {
                log.emit(Level.WARN, EventId.IPVS_UNAVAILABLE, "IPVS can't be reached: " + e.getMessage(),
                        "why", e.getMessage());
                return new DryRunIpvs(Optional.empty());
            }
            throw e;
        }
        return dryRun || TRAINING ? new DryRunIpvs(Optional.of(client)) : client;
    }

    @Override
    public Observation dump() throws NetlinkException, IpvsUnavailableException {
        Observation seen = kernel.isPresent() ? kernel.get().dump() : Observation.EMPTY;
        real = seen.table();
        changed.removeIf(key -> real.entry(key).isEmpty() && ours.entry(key).isEmpty());
        List<IpvsTable.Entry> entries = new ArrayList<>(ours.entries());
        real.entries().stream().filter(entry -> !changed.contains(entry.service().key())).forEach(entries::add);
        return new Observation(new IpvsTable(entries), seen.traffic(), seen.loads(), seen.foreignServices());
    }

    @Override
    public Map<Destination, Load> destinations(ServiceKey key) throws NetlinkException, IpvsUnavailableException {
        if (!changed.contains(key)) {
            return kernel.isPresent() ? kernel.get().destinations(key) : Map.of();
        }
        Map<Destination, Load> all = new HashMap<>(); // of what was not made nothing is known
        ours.entry(key).ifPresent(entry -> entry.destinations().values()
                .forEach(destination -> all.put(destination, Load.NONE)));
        return all;
    }

    @Override
    public List<IpvsOutcome> apply(List<IpvsOp> ops) {
        List<IpvsTable.Entry> entries = new ArrayList<>(ours.entries());
        for (IpvsOp op : ops) {
            if (changed.add(op.key())) {
                real.entry(op.key()).ifPresent(entries::add);
            }
        }
        ours = new IpvsTable(entries).with(ops);
        return Collections.nCopies(ops.size(), IpvsOutcome.acked(0));
    }

    @Override
    public IpvsInfo info() throws NetlinkException, IpvsUnavailableException {
        return kernel.isPresent() ? kernel.get().info() : new IpvsInfo("0.0.0", 0);
    }

    @Override
    public Timeouts timeouts() throws NetlinkException, IpvsUnavailableException {
        return wanted.over(kernel.isPresent() ? kernel.get().timeouts() : Timeouts.UNCHANGED);
    }

    @Override
    public void setTimeouts(Timeouts timeouts) {
        wanted = timeouts.over(wanted);
    }

    @Override
    public List<SyncDaemon> daemons() throws NetlinkException, IpvsUnavailableException {
        if (!daemonsRead && kernel.isPresent()) {
            kernel.get().daemons().forEach(running -> daemons.put(running.role(), running));
        }
        daemonsRead = true;
        return List.copyOf(daemons.values());
    }

    @Override
    public void start(SyncDaemon daemon) {
        daemons.put(daemon.role(), daemon);
    }

    @Override
    public void stop(SyncDaemon.Role role) {
        daemons.remove(role);
    }

    @Override
    public void close() {
        kernel.ifPresent(IpvsKernel::close);
    }
}
