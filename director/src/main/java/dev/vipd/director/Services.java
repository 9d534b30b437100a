package dev.vipd.director;

import dev.vipd.director.config.ServiceConfig;
import dev.vipd.director.events.EventLog;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.ProbeStats;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.healthcheck.pool.MemberStatus;
import dev.vipd.healthcheck.pool.PoolChange;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.healthcheck.pool.PoolSummary;
import dev.vipd.healthcheck.probe.CheckStatus;
import dev.vipd.healthcheck.probe.HealthChecker;
import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.ServiceShares;
import dev.vipd.ipvs.VirtualServer;
import dev.vipd.ipvs.sync.Reconciler;
import dev.vipd.vrrp.io.ServiceState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Virtual servers, from the checks to the table: the health board and the desired table, which the checks change and
 * the reconciler carries out. All on the director's thread, but for what is said to be for any.
 */
final class Services {
    private final HealthBoard board = new HealthBoard();
    private final HealthEvents healthEvents;
    private final ServiceEvents serviceEvents;
    private final Listener listener;
    private final Map<String, PoolSummary> told = new HashMap<>();
    /** Probes of checks that a service had before, by its name: what it counted must not be less after a reload. */
    private final Map<String, ProbeStats.Counts> past = new HashMap<>();
    private final Drains drains = new Drains();
    private final DrainWatch drainWatch;
    private ServerOrders orders;
    private List<PoolConfig> pools = List.of();
    private Map<String, VirtualServer> servers = Map.of();
    private DesiredTable desired = DesiredTable.EMPTY;
    private HealthChecker checker;
    private Reconciler reconciler;

    /** Told what becomes of services, on the director's thread; must not block. */
    interface Listener {
        /** Services that are not as they were, for the instances that follow them. */
        void services(List<ServiceState> changed);

        /** A service is up, or down: once when it is new, and then whenever that changes. For its hooks. */
        void quorum(PoolSummary summary);
    }

    /**
     * As it is now, for {@code status}.
     *
     * @param members by service, in the order of the configuration
     * @param past    probes of checks that a service does not have any more, by its name
     * @param drains  what is on its way out of the table
     */
    record View(
            DesiredTable desired,
            List<PoolSummary> summaries,
            Map<String, List<MemberStatus>> members,
            Map<String, ProbeStats.Counts> past,
            Map<ServerOrders.Server, Drains.Progress> drains) {
        /** Nothing configured. */
        static final View EMPTY = new View(DesiredTable.EMPTY, List.of(), Map.of(), Map.of(), Map.of());

        /** A server that an operator drains, and that is not at the end. */
        Optional<Drains.Progress> drain(String service, String address) {
            return Optional.ofNullable(drains.get(new ServerOrders.Server(service, address)))
                    .filter(drain -> !drain.leaving());
        }

        /** Servers that are not configured any more, and are not at the end. */
        List<Drains.Progress> leaving(String service) {
            return drains.values().stream()
                    .filter(drain -> drain.leaving() && drain.server().service().equals(service))
                    .toList();
        }
    }

    /** @param onNews called when {@link #settle} has something to do; any thread, must not block */
    Services(EventLog log, Listener listener, Runnable onNews) {
        healthEvents = new HealthEvents(log, onNews);
        serviceEvents = new ServiceEvents(log);
        this.listener = listener;
        drainWatch = new DrainWatch(drains, onNews);
    }

    /** Hands the table over to be kept. */
    void keepBy(Reconciler newReconciler) {
        reconciler = newReconciler;
    }

    /**
     * Takes a configuration. Checks and servers that stay keep what is known of them. The services that left stay in
     * the table as they are until {@link #dropLeft}, and may come back till then as if they had not left.
     *
     * @param configs no two with one name, or with one key
     * @param newOrders what operators want, of servers that are new here
     * @return completed when the table is as it must be
     * @throws IOException when the check threads don't answer, or a check can't be made
     */
    CompletableFuture<Void> use(List<ServiceConfig> configs, ServerOrders newOrders, String why)
            throws IOException, InterruptedException {
        orders = newOrders;
        List<PoolConfig> before = pools;
        pools = configs.stream().map(ServiceConfig::pool).toList();
        Map<String, Map<String, Admin>> admins = new HashMap<>();
        orders.all().forEach((server, admin) ->
                admins.computeIfAbsent(server.service(), _ -> new HashMap<>()).put(server.address(), admin));
        takeNews();
        board.configure(pools, admins, System.nanoTime());
        drains.configure(configs, orders.draining(), desired.table(), System.nanoTime());
        healthEvents.configure(pools);
        try {
            if (checker == null) {
                checker = HealthChecker.start(board.checks(), healthEvents);
            } else {
                keepCounts(before, Await.answer("check", checker.reconfigure(board.checks())));
            }
        } catch (IllegalArgumentException e) { // the configuration was checked: what is wrong was overlooked there
            throw new IOException("a check can't be made: " + e.getMessage(), e);
        }
        servers = configs.stream()
                .map(ServiceConfig::server)
                .collect(Collectors.toMap(VirtualServer::name, it -> it, (a, _) -> a, LinkedHashMap::new));
        tell(board.settle(System.nanoTime()));
        follow(board.summaries());
        desired = configured().beside(desired);
        return submit(why);
    }

    /** Takes out of the table what left with the last {@link #use}: nothing leads to it any more. */
    void dropLeft(String why) {
        board.forgetLeft();
        drains.forgetLeft();
        told.keySet().retainAll(servers.keySet());
        past.keySet().retainAll(servers.keySet());
        if (desired.names().size() > servers.size()) {
            desired = configured();
            submit(why);
        }
    }

    private void keepCounts(List<PoolConfig> before, List<CheckStatus> gone) {
        Map<CheckConfig, ProbeStats.Counts> counts = new HashMap<>();
        gone.forEach(status -> counts.put(status.check(), status.stats()));
        for (PoolConfig pool : before) {
            pool.members().stream()
                    .flatMap(member -> member.checks().stream())
                    .distinct()
                    .filter(counts::containsKey)
                    .forEach(check -> past.merge(pool.name(), counts.get(check), ProbeStats.Counts::plus));
        }
    }

    private DesiredTable configured() {
        return DesiredTable.of(List.copyOf(servers.values()), this::shares);
    }

    private ServiceShares shares(VirtualServer server) {
        ServiceShares shares = board.shares(server);
        return new ServiceShares(shares.weights(), shares.sorry(), drains.leaving(server.name()));
    }

    /** Takes in what the checks and the kernel said, and what time brought. */
    void settle() {
        long farNs = System.nanoTime() + Long.MAX_VALUE / 2;
        if (takeNews() || board.nextDeadlineNs().orElse(farNs) - System.nanoTime() <= 0) {
            settle("check", Set.of());
        }
        endDrains();
    }

    private void endDrains() {
        List<Drains.Ended> ended = drainWatch.act(reconciler);
        Set<String> left = new HashSet<>();
        for (Drains.Ended end : ended) {
            ServerOrders.Server server = end.server();
            if (end.leaving()) {
                serviceEvents.drained(end, Optional.empty());
                left.add(server.service());
            } else {
                serviceEvents.drained(end, orders.drainEnded(server));
                board.admin(server.service(), server.address(), orders.of(server));
            }
        }
        if (!ended.isEmpty()) {
            settle("drained", left);
        }
    }

    /** When {@link #settle()} is to be called though nobody said anything; far away when never. */
    long dueNs() {
        long dueNs = System.nanoTime() + Long.MAX_VALUE / 2;
        for (OptionalLong next : List.of(board.nextDeadlineNs(), drains.nextDeadlineNs())) {
            dueNs = next.isPresent() && next.getAsLong() - dueNs < 0 ? next.getAsLong() : dueNs;
        }
        return dueNs;
    }

    /**
     * Carries out what an operator wants of one real server.
     *
     * @return whether there is such a server
     */
    boolean order(ServerOrders.Server server, Admin admin) {
        boolean known = board.admin(server.service(), server.address(), admin);
        if (known) {
            drains.order(server, admin.mode() == Admin.Mode.DRAIN, System.nanoTime());
            settle("operator", Set.of());
        }
        return known;
    }

    /** The drain of a server that is under way. */
    Optional<Drains.Progress> drain(ServerOrders.Server server) {
        return Optional.ofNullable(drains.progress().get(server));
    }

    /** {@code drain_timeout} of a service; 0 when it has none. */
    long drainTimeoutNs(String service) {
        return drains.timeoutNs(service);
    }

    /** Names of the services, in the order of the configuration. */
    List<String> names() {
        return List.copyOf(servers.keySet());
    }

    /** Addresses of the real servers of a service; none when there is no such service. */
    List<String> addresses(String service) {
        return board.members(service, System.nanoTime()).stream().map(MemberStatus::id).toList();
    }

    View view() {
        Map<String, List<MemberStatus>> members = new LinkedHashMap<>();
        servers.keySet().forEach(name -> members.put(name, board.members(name, System.nanoTime())));
        return new View(desired, board.summaries(), members, Map.copyOf(past), drains.progress());
    }

    /** The checks; for what is for any thread of them. */
    HealthChecker checker() {
        return checker;
    }

    private boolean takeNews() {
        boolean any = false;
        for (HealthEvents.News news = healthEvents.next(); news != null; news = healthEvents.next()) {
            board.on(news.check(), news.verdict(), news.atNs());
            any = true;
        }
        return any;
    }

    /** @param left services that a server of the configuration of before has left the table of */
    private void settle(String why, Set<String> left) {
        tell(board.settle(System.nanoTime()));
        Set<String> touched = new LinkedHashSet<>(board.touched());
        touched.addAll(left);
        if (!touched.isEmpty()) {
            desired = desired.with(touched.stream().map(servers::get).toList(), this::shares);
            submit(why);
        }
    }

    private CompletableFuture<Void> submit(String why) {
        return reconciler == null ? CompletableFuture.completedFuture(null) : reconciler.submit(desired, why);
    }

    /** Events come before the change of the table that they lead to. */
    private void tell(List<PoolChange> changes) {
        changes.forEach(serviceEvents::note);
        Set<String> pools = changes.stream().map(PoolChange::pool).collect(Collectors.toSet());
        follow(pools.stream().flatMap(pool -> board.summary(pool).stream()).toList());
    }

    private void follow(List<PoolSummary> summaries) {
        List<ServiceState> changed = new ArrayList<>();
        List<PoolSummary> turned = new ArrayList<>();
        for (PoolSummary summary : summaries) {
            PoolSummary before = told.put(summary.name(), summary);
            if (!summary.equals(before)) {
                changed.add(new ServiceState(summary.name(), summary.met(),
                        "weight " + summary.liveWeight() + " up, quorum " + summary.quorum()));
            }
            if (before == null || before.met() != summary.met()) {
                turned.add(summary);
            }
        }
        if (!changed.isEmpty()) {
            listener.services(changed);
        }
        turned.forEach(listener::quorum);
    }
}
