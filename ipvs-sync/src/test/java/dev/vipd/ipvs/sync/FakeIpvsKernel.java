package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.KernelTable;
import dev.vipd.ipvs.Observation.DestinationId;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.ipvs.Traffic;
import dev.vipd.ipvs.kernel.IpvsInfo;
import dev.vipd.ipvs.kernel.IpvsKernel;
import dev.vipd.ipvs.kernel.IpvsOutcome;
import dev.vipd.ipvs.kernel.IpvsUnavailableException;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.sys.Errno;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A kernel that keeps a table, and others who change it, and faults. Thread-safe. */
final class FakeIpvsKernel implements IpvsKernel {
    /** What happens to a change instead of being made. */
    record Fault(int errno, boolean madeAllTheSame) {}

    static final long OP_NS = 5_000;

    private KernelTable table = new KernelTable(IpvsTable.EMPTY);
    private Function<IpvsOp, Optional<Fault>> faults = op -> Optional.empty();
    private Optional<String> unavailable = Optional.empty();
    private final List<IpvsOp> ops = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private int dumps;
    private int looks;
    private long nowNs = Long.MAX_VALUE - OP_NS; // System.nanoTime() may overflow: so does this one
    private boolean closed;
    private final Map<SyncDaemon.Role, SyncDaemon> daemons = new EnumMap<>(SyncDaemon.Role.class);
    private Timeouts timeouts = new Timeouts(900, 120, 300);
    private final List<String> settings = new ArrayList<>();
    private Function<String, Integer> settingFaults = request -> 0;

    /** Others make this change. */
    synchronized void behindOurBack(IpvsOp op) {
        int errno = table.apply(op);
        if (errno != KernelTable.OK) {
            throw new IllegalStateException(op + ": errno " + errno);
        }
    }

    /** Others replace everything; with an empty table this is {@code ipvsadm -C}. */
    synchronized void set(IpvsTable now) {
        table = new KernelTable(now);
    }

    /** Asked before each change; it may also change the table itself, which makes a race. */
    synchronized void faults(Function<IpvsOp, Optional<Fault>> newFaults) {
        faults = newFaults;
    }

    synchronized void unavailable(Optional<String> why) {
        unavailable = why;
    }

    synchronized IpvsTable table() {
        return table.snapshot();
    }

    /** The changes that were asked for since the last call. */
    synchronized List<IpvsOp> takeOps() {
        List<IpvsOp> taken = List.copyOf(ops);
        ops.clear();
        return taken;
    }

    /** How many changes each sending held since the last call. */
    synchronized List<Integer> takeBatches() {
        List<Integer> taken = List.copyOf(batches);
        batches.clear();
        return taken;
    }

    synchronized int takeDumps() {
        int taken = dumps;
        dumps = 0;
        return taken;
    }

    synchronized boolean closed() {
        return closed;
    }

    /** Each change takes {@link #OP_NS}. */
    synchronized long nowNs() {
        return nowNs;
    }

    /** Asked for an error number before each request about settings, as {@link #takeSettings} names them. */
    synchronized void settingFaults(Function<String, Integer> newFaults) {
        settingFaults = newFaults;
    }

    /** What was asked to be changed beside the table since the last call. */
    synchronized List<String> takeSettings() {
        List<String> taken = List.copyOf(settings);
        settings.clear();
        return taken;
    }

    /** Others do this. */
    synchronized void runs(SyncDaemon daemon) {
        daemons.put(daemon.role(), daemon);
    }

    synchronized void ends(SyncDaemon.Role role) {
        daemons.remove(role);
    }

    @Override
    public synchronized Observation dump() throws IpvsUnavailableException {
        dumps++;
        checkAvailable();
        IpvsTable now = table.snapshot();
        Map<DestinationId, Load> loads = new HashMap<>();
        for (IpvsTable.Entry entry : now.entries()) {
            for (Endpoint at : entry.destinations().keySet()) {
                loads.put(new DestinationId(entry.service().key(), at), new Load(dumps, 0, 0, Traffic.NONE));
            }
        }
        return new Observation(now, Map.of(), loads, 0);
    }

    @Override
    public synchronized Map<Destination, Load> destinations(ServiceKey key) throws IpvsUnavailableException {
        looks++;
        checkAvailable();
        Map<Destination, Load> all = new HashMap<>();
        table.snapshot().entry(key).ifPresent(entry -> entry.destinations().values()
                .forEach(destination -> all.put(destination, new Load(looks, 0, 0, Traffic.NONE))));
        return all;
    }

    @Override
    public synchronized List<IpvsOutcome> apply(List<IpvsOp> batch) throws IpvsUnavailableException {
        batches.add(batch.size());
        long sentNs = nowNs;
        List<IpvsOutcome> outcomes = new ArrayList<>();
        for (IpvsOp op : batch) {
            int errno = change(op, outcomes.isEmpty());
            outcomes.add(errno == KernelTable.OK
                    ? IpvsOutcome.acked(nowNs - sentNs)
                    : IpvsOutcome.failed(new NetlinkException(op.toString(), errno, "")));
        }
        return outcomes;
    }

    /** A table that goes away in the middle of a batch is no longer found; before it, there is none. */
    private int change(IpvsOp op, boolean first) throws IpvsUnavailableException {
        Optional<Fault> fault = Optional.empty();
        if (unavailable.isEmpty()) {
            ops.add(op);
            nowNs += OP_NS;
            fault = faults.apply(op);
        }
        if (first) {
            checkAvailable();
        }
        if (unavailable.isPresent()) {
            return KernelTable.ENOENT;
        }
        int errno = fault.isEmpty() || fault.get().madeAllTheSame ? table.apply(op) : KernelTable.OK;
        return fault.map(Fault::errno).orElse(errno);
    }

    @Override
    public synchronized IpvsInfo info() throws IpvsUnavailableException {
        checkAvailable();
        return new IpvsInfo("1.2.1", 4096);
    }

    @Override
    public synchronized Timeouts timeouts() throws NetlinkException, IpvsUnavailableException {
        ask("get timeouts");
        return timeouts;
    }

    @Override
    public synchronized void setTimeouts(Timeouts wanted) throws NetlinkException, IpvsUnavailableException {
        change("timeouts " + wanted.describe());
        timeouts = wanted.over(timeouts);
    }

    @Override
    public synchronized List<SyncDaemon> daemons() throws NetlinkException, IpvsUnavailableException {
        ask("get daemons");
        return List.copyOf(daemons.values());
    }

    @Override
    public synchronized void start(SyncDaemon daemon) throws NetlinkException, IpvsUnavailableException {
        change("start " + daemon.role());
        int maxLen = daemon.maxLen() == 0 ? 0 : Math.max(1024, daemon.maxLen()); // as start_sync_thread does
        SyncDaemon made = new SyncDaemon(daemon.role(), daemon.interfaceName(), daemon.id(), maxLen, daemon.group(),
                daemon.port(), daemon.ttl());
        if (daemons.putIfAbsent(daemon.role(), made) != null) {
            throw new NetlinkException("start " + daemon, Errno.EEXIST, "");
        }
    }

    @Override
    public synchronized void stop(SyncDaemon.Role role) throws NetlinkException, IpvsUnavailableException {
        change("stop " + role);
        if (daemons.remove(role) == null) {
            throw new NetlinkException("stop " + role, Errno.ESRCH, "");
        }
    }

    private void change(String request) throws NetlinkException, IpvsUnavailableException {
        settings.add(request);
        ask(request);
    }

    private void ask(String request) throws NetlinkException, IpvsUnavailableException {
        checkAvailable();
        int errno = settingFaults.apply(request);
        if (errno != 0) {
            throw new NetlinkException(request, errno, "");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void checkAvailable() throws IpvsUnavailableException {
        if (unavailable.isPresent()) {
            throw new IpvsUnavailableException(unavailable.get());
        }
    }
}
