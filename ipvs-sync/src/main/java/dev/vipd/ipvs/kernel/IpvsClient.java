package dev.vipd.ipvs.kernel;

import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.Observation.DestinationId;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.ipvs.Traffic;
import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.Nl;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.NlRequest;
import dev.vipd.netlink.generic.GenericNetlink;
import dev.vipd.netlink.generic.GenlFamily;
import dev.vipd.netlink.sys.Errno;
import dev.vipd.netlink.sys.SysException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The IPVS table of the kernel, over generic netlink. Not thread-safe: one owner. */
public final class IpvsClient implements IpvsKernel {
    private static final String READ_SERVICES = "read the IPVS services";

    private final NetlinkConn conn;
    private GenlFamily family;
    /** What the last dump found: entries that are as they were are the same objects in the next, not new garbage. */
    private IpvsTable last = IpvsTable.EMPTY;

    public IpvsClient(NetlinkConn conn) {
        this.conn = conn;
    }

    /** With a connection of its own, in the network namespace of the calling thread. */
    public static IpvsClient open() throws SysException {
        return new IpvsClient(NetlinkConn.open("ipvs", Nl.NETLINK_GENERIC));
    }

    @Override
    public Observation dump() throws NetlinkException, IpvsUnavailableException {
        // a table that changes during the dump can make the kernel list a row twice
        Map<ServiceKey, Service> services = new LinkedHashMap<>();
        Map<ServiceKey, Traffic> traffic = new HashMap<>();
        int foreign = 0;
        for (NlMessage message : dump(READ_SERVICES, IpvsCodec.request(IpvsCodec.CMD_GET_SERVICE))) {
            switch (IpvsCodec.service(message)) {
                case IpvsReply.ServiceRow row -> {
                    services.put(row.service().key(), row.service());
                    traffic.put(row.service().key(), row.traffic());
                }
                case IpvsReply.ForeignService other -> foreign++;
                case IpvsReply.Malformed bad -> throw malformed(READ_SERVICES, bad.why());
                case IpvsReply.DestinationRow row -> throw malformed(READ_SERVICES, "a destination");
            }
        }
        List<IpvsTable.Entry> entries = new ArrayList<>(services.size());
        Map<DestinationId, Load> loads = new HashMap<>();
        for (Service service : services.values()) {
            IpvsTable.Entry entry = entry(service, loads);
            if (!entry.destinations().isEmpty() || exists(service.key())) {
                entries.add(entry);
            } else {
                traffic.remove(service.key());
            }
        }
        last = new IpvsTable(entries);
        return new Observation(last, traffic, loads, foreign);
    }

    private IpvsTable.Entry entry(Service service, Map<DestinationId, Load> loads)
            throws NetlinkException, IpvsUnavailableException {
        ServiceKey key = service.key();
        Optional<IpvsTable.Entry> before = last.entry(key).filter(entry -> entry.service().equals(service));
        Map<Endpoint, Destination> known = before.map(IpvsTable.Entry::destinations).orElse(Map.of());
        Iterator<Destination> next = known.values().iterator(); // the kernel keeps the order
        boolean same = true;
        List<IpvsReply.DestinationRow> found = rows(key);
        for (IpvsReply.DestinationRow row : found) {
            same = same && next.hasNext() && next.next().equals(row.destination());
            if (row.load() != Load.NONE) {
                loads.put(new DestinationId(key, row.destination().at()), row.load());
            }
        }
        if (before.isPresent() && same && !next.hasNext()) {
            return before.get();
        }
        Map<Endpoint, Destination> all = LinkedHashMap.newLinkedHashMap(found.size());
        found.forEach(row -> all.put(row.destination().at(), row.destination()));
        return new IpvsTable.Entry(service, all);
    }

    @Override
    public Map<Destination, Load> destinations(ServiceKey key) throws NetlinkException, IpvsUnavailableException {
        Map<Destination, Load> all = new LinkedHashMap<>();
        rows(key).forEach(row -> all.put(row.destination(), row.load()));
        return all;
    }

    private List<IpvsReply.DestinationRow> rows(ServiceKey key) throws NetlinkException, IpvsUnavailableException {
        String operation = "read the destinations of " + key;
        List<IpvsReply.DestinationRow> all = new ArrayList<>();
        for (NlMessage message : dump(operation, IpvsCodec.request(IpvsCodec.CMD_GET_DEST, key))) {
            switch (IpvsCodec.destination(message, key)) {
                case IpvsReply.DestinationRow row -> all.add(row);
                case IpvsReply.Malformed bad -> throw malformed(operation, bad.why());
                case IpvsReply.ServiceRow row -> throw malformed(operation, "a service");
                case IpvsReply.ForeignService other -> throw malformed(operation, "a service");
            }
        }
        return all;
    }

    /** A dump of the destinations of a service that is gone is empty, not an error: only asking for it tells. */
    private boolean exists(ServiceKey key) throws NetlinkException, IpvsUnavailableException {
        try {
            request("look for " + key, IpvsCodec.request(IpvsCodec.CMD_GET_SERVICE, key));
            return true;
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ESRCH) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public List<IpvsOutcome> apply(List<IpvsOp> ops) throws IpvsUnavailableException {
        List<IpvsOutcome> outcomes = new ArrayList<>(ops.size());
        while (outcomes.size() < ops.size()) {
            int from = outcomes.size();
            List<IpvsOp> batch = ops.subList(from, Math.min(ops.size(), from + NetlinkConn.PIPELINED_MAX));
            try {
                outcomes.addAll(exchange(id -> pipeline(id, batch)));
            } catch (NetlinkException e) { // all met the same, or the look-up of the family did
                batch.forEach(op -> outcomes.add(IpvsOutcome.failed(explained(op, e))));
            } catch (IpvsUnavailableException e) {
                if (from == 0) {
                    throw e;
                }
                giveUp(ops, outcomes);
            }
            if (outcomes.getLast().failure().filter(e -> e.errno() == Errno.ETIMEDOUT).isPresent()) {
                giveUp(ops, outcomes); // or each batch would wait as long
            }
        }
        return outcomes;
    }

    /** A new look at the table tells what became of the rest, and of the kernel. */
    private static void giveUp(List<IpvsOp> ops, List<IpvsOutcome> outcomes) {
        for (IpvsOp op : ops.subList(outcomes.size(), ops.size())) {
            outcomes.add(IpvsOutcome.failed(
                    new NetlinkException(operation(op), Errno.ETIMEDOUT, "not sent: those before it had no answer")));
        }
    }

    /** @throws NetlinkException EPERM, or ENOENT for all: what may be the family's, not a row's */
    private List<IpvsOutcome> pipeline(int familyId, List<IpvsOp> ops) throws NetlinkException {
        List<NlRequest> requests = ops.stream()
                .map(op -> new NlRequest("change the IPVS table", familyId, 0, IpvsCodec.request(op)))
                .toList();
        long[] ackNs = new long[ops.size()];
        long sentNs = System.nanoTime();
        List<Optional<NetlinkException>> failures =
                conn.requestAll(requests, index -> ackNs[index] = System.nanoTime() - sentNs);
        List<IpvsOutcome> outcomes = new ArrayList<>(ops.size());
        boolean noneFound = true;
        for (int i = 0; i < ops.size(); i++) {
            Optional<NetlinkException> failure = failures.get(i);
            if (failure.isPresent() && failure.get().errno() == Errno.EPERM) {
                throw failure.get();
            }
            noneFound &= failure.isPresent() && failure.get().errno() == Errno.ENOENT;
            IpvsOp op = ops.get(i);
            outcomes.add(failure.isPresent()
                    ? IpvsOutcome.failed(explained(op, failure.get()))
                    : IpvsOutcome.acked(ackNs[i]));
        }
        if (noneFound && !ops.isEmpty()) {
            throw failures.getFirst().orElseThrow();
        }
        return outcomes;
    }

    private static NetlinkException explained(IpvsOp op, NetlinkException e) {
        String advice = advice(op, e.errno());
        return new NetlinkException(operation(op), e.errno(), advice.isEmpty() ? e.kernelText() : advice);
    }

    @Override
    public IpvsInfo info() throws NetlinkException, IpvsUnavailableException {
        return one("ask for the version of IPVS", SettingsCodec.CMD_GET_INFO, SettingsCodec::info);
    }

    @Override
    public Timeouts timeouts() throws NetlinkException, IpvsUnavailableException {
        return one("ask for the timeouts", SettingsCodec.CMD_GET_CONFIG, SettingsCodec::timeouts);
    }

    private <T> T one(String operation, int command, Function<NlMessage, Optional<T>> reader)
            throws NetlinkException, IpvsUnavailableException {
        return request(operation, IpvsCodec.request(command)).stream()
                .flatMap(answer -> reader.apply(answer).stream())
                .findFirst()
                .orElseThrow(() -> malformed(operation, "no such answer"));
    }

    @Override
    public void setTimeouts(Timeouts timeouts) throws NetlinkException, IpvsUnavailableException {
        request("set the timeouts", SettingsCodec.request(timeouts));
    }

    @Override
    public List<SyncDaemon> daemons() throws NetlinkException, IpvsUnavailableException {
        List<NlMessage> answers = dump("read the sync daemons", IpvsCodec.request(SettingsCodec.CMD_GET_DAEMON));
        return answers.stream().flatMap(answer -> SettingsCodec.daemon(answer).stream()).toList();
    }

    @Override
    public void start(SyncDaemon daemon) throws NetlinkException, IpvsUnavailableException {
        request("start the sync daemon", SettingsCodec.start(daemon));
    }

    @Override
    public void stop(SyncDaemon.Role role) throws NetlinkException, IpvsUnavailableException {
        request("stop the sync daemon", SettingsCodec.stop(role));
    }

    @Override
    public void close() {
        conn.close();
    }

    private static String operation(IpvsOp op) {
        return switch (op) {
            case IpvsOp.AddService add -> "add service " + add.key();
            case IpvsOp.EditService edit -> "change service " + edit.key();
            case IpvsOp.DeleteService delete -> "remove service " + delete.key();
            case IpvsOp.AddDestination add -> "add " + add.destination().at() + " to " + add.key();
            case IpvsOp.EditDestination edit -> "change " + edit.destination().at() + " of " + edit.key();
            case IpvsOp.DeleteDestination delete -> "remove " + delete.at() + " from " + delete.key();
        };
    }

    /** The kernel gives no text with its errors (6.1), so this says what it meant. */
    private static String advice(IpvsOp op, int errno) {
        return switch (op) {
            case IpvsOp.AddService add when errno == Errno.ENOENT -> noScheduler(add.service());
            case IpvsOp.EditService edit when errno == Errno.ENOENT -> noScheduler(edit.service());
            case IpvsOp.AddService add when errno == Errno.EAFNOSUPPORT ->
                "this kernel's IPVS has no IPv6: it needs CONFIG_IP_VS_IPV6";
            case IpvsOp.AddDestination add when errno == Errno.EINVAL ->
                "it must be a unicast address, and of the service's family unless it is a tunnel";
            case IpvsOp.AddService add -> "";
            case IpvsOp.EditService edit -> "";
            case IpvsOp.DeleteService delete -> "";
            case IpvsOp.AddDestination add -> "";
            case IpvsOp.EditDestination edit -> "";
            case IpvsOp.DeleteDestination delete -> "";
        };
    }

    private static String noScheduler(Service service) {
        String engine = service.persistenceEngine();
        return "the kernel has no scheduler " + service.scheduler() + ": load module ip_vs_" + service.scheduler()
                + (engine.isEmpty() ? "" : "; or no persistence engine " + engine + ": load module ip_vs_pe_" + engine);
    }

    private static NetlinkException malformed(String operation, String why) {
        return new NetlinkException(operation, Errno.EPROTO, why);
    }

    /** One exchange with the family of this id. */
    private interface Exchange<T> {
        T with(int familyId) throws NetlinkException;
    }

    private List<NlMessage> request(String operation, byte[] payload)
            throws NetlinkException, IpvsUnavailableException {
        return exchange(id -> conn.request(operation, id, 0, payload));
    }

    private List<NlMessage> dump(String operation, byte[] payload) throws NetlinkException, IpvsUnavailableException {
        return exchange(id -> conn.dump(operation, id, payload));
    }

    private <T> T exchange(Exchange<T> exchange) throws NetlinkException, IpvsUnavailableException {
        try {
            GenlFamily known = family();
            try {
                return exchange.with(known.id());
            } catch (NetlinkException e) {
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
                // of a row, or of the family: its id changes when the module is loaded again
                family = null;
                GenlFamily now = family();
                if (now.id() == known.id()) {
                    throw e;
                }
                return exchange.with(now.id());
            }
        } catch (NetlinkException e) {
            if (e.errno() == Errno.EPERM) {
                throw new IpvsUnavailableException(
                        "the kernel refuses: IPVS needs CAP_NET_ADMIN in the initial user namespace", e);
            }
            throw e;
        }
    }

    private GenlFamily family() throws NetlinkException, IpvsUnavailableException {
        if (family == null) {
            try {
                family = resolve();
            } catch (NetlinkException e) {
                if (e.errno() == Errno.ENOENT) {
                    throw new IpvsUnavailableException(
                            "this kernel has no IPVS: load module ip_vs, or use a kernel with CONFIG_IP_VS", e);
                }
                throw e;
            }
        }
        return family;
    }

    /** Twice: on some systems the look-up that makes the kernel load the module is too early itself. */
    private GenlFamily resolve() throws NetlinkException {
        try {
            return GenericNetlink.resolve(conn, IpvsCodec.FAMILY);
        } catch (NetlinkException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
            return GenericNetlink.resolve(conn, IpvsCodec.FAMILY);
        }
    }
}
