package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.KernelTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.Observation.Connections;
import dev.vipd.ipvs.Observation.DestinationId;
import dev.vipd.ipvs.kernel.IpvsKernel;
import dev.vipd.ipvs.kernel.IpvsUnavailableException;
import dev.vipd.netlink.NetlinkException;
import java.util.ArrayList;
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
    private int dumps;
    private long nowNs = Long.MAX_VALUE - OP_NS; // System.nanoTime() may overflow: so does this one
    private boolean closed;

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

    @Override
    public synchronized Observation dump() throws IpvsUnavailableException {
        dumps++;
        checkAvailable();
        IpvsTable now = table.snapshot();
        Map<DestinationId, Connections> connections = new HashMap<>();
        for (IpvsTable.Entry entry : now.entries()) {
            for (Endpoint at : entry.destinations().keySet()) {
                connections.put(new DestinationId(entry.service().key(), at), new Connections(dumps, 0, 0));
            }
        }
        return new Observation(now, connections, 0);
    }

    @Override
    public synchronized void apply(IpvsOp op) throws NetlinkException, IpvsUnavailableException {
        checkAvailable();
        ops.add(op);
        nowNs += OP_NS;
        Optional<Fault> fault = faults.apply(op);
        checkAvailable();
        int errno = fault.isEmpty() || fault.get().madeAllTheSame ? table.apply(op) : KernelTable.OK;
        if (fault.isPresent() || errno != KernelTable.OK) {
            throw new NetlinkException(op.toString(), fault.map(Fault::errno).orElse(errno), "");
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
