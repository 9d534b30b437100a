package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.config.ServiceConfig;
import dev.vipd.director.events.EventLog;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.healthcheck.pool.PoolSummary;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.VirtualServer;
import dev.vipd.ipvs.kernel.IpvsSysctls;
import dev.vipd.ipvs.sync.IpvsMemory;
import dev.vipd.ipvs.sync.Reconciler;
import dev.vipd.vrrp.io.ServiceState;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ServicesTest {
    private static final ServiceConfig WEB = unchecked("web", 80, Samples.RS1);
    private static final ServiceConfig API = unchecked("api", 81, Samples.RS1, Samples.RS2);

    @TempDir
    Path folder;

    private final EventLog log = EventLog.open("t", new ByteArrayOutputStream());
    private final List<String> told = new ArrayList<>();
    private final Services.Listener listener = new Services.Listener() {
        @Override
        public void services(List<ServiceState> changed) {
            changed.forEach(service -> told.add(service.name() + " tracked " + service.up()));
        }

        @Override
        public void quorum(PoolSummary summary) {
            told.add(summary.name() + " hooks " + summary.met());
        }
    };
    private Services services = new Services(log, listener, () -> {});
    private ServerOrders orders;

    @BeforeEach
    void noOrders() throws Exception {
        orders = new ServerOrders(OperatorFile.load(folder));
    }

    @AfterEach
    void end() {
        services.checker().close();
        log.close();
    }

    /** Its real servers are always up. */
    private static ServiceConfig unchecked(String name, int port, RealServer... servers) {
        VirtualServer virtual = Samples.service(name, port, servers).server();
        List<PoolConfig.Member> members = Stream.of(servers)
                .map(server -> new PoolConfig.Member(HealthBoard.memberId(server), server.weight(), List.of()))
                .toList();
        return new ServiceConfig(virtual, new PoolConfig(name, members, List.of(), 1, 0, false, 0, 0), 0);
    }

    private void use(ServiceConfig... configs) throws Exception {
        services.use(List.of(configs), orders, "config");
    }

    private IpvsTable table() {
        return services.view().desired().table();
    }

    private Set<Integer> ports() {
        return table().keys().stream().map(ServiceKey::port).collect(Collectors.toSet());
    }

    private List<Integer> weights(ServiceConfig service) {
        return table().entry(service.server().keys().getFirst()).orElseThrow().destinations().values().stream()
                .map(Destination::weight)
                .toList();
    }

    @Test
    void aServiceThatGetsAnotherAddressIsAtBothUntilTheOldOneIsDropped() throws Exception {
        ServiceConfig moved = unchecked("web", 8080, Samples.RS2);
        use(WEB, API);
        use(moved, API);
        assertEquals(Set.of(80, 8080, 81), ports());
        assertEquals(List.of(1), weights(WEB), "as it was");
        assertEquals(List.of(3), weights(moved), "whole at once");
        services.order(new ServerOrders.Server("api", HealthBoard.memberId(Samples.RS1)), Admin.DISABLED);
        assertEquals(Set.of(80, 8080, 81), ports(), "whatever the checks and operators do meanwhile");
        services.dropLeft("config");
        assertEquals(Set.of(8080, 81), ports());
        assertEquals(List.of(3), weights(API));
    }

    @Test
    void aReloadThatDoesNotHoldLeavesTheTableAsItWas() throws Exception {
        use(WEB, API);
        IpvsTable before = table();
        use(unchecked("web", 8080, Samples.RS2));
        use(WEB, API);
        services.dropLeft("config");
        assertEquals(before, table());
    }

    @Test
    void aReloadThatDoesNotHoldEndsNoDrain() throws Exception {
        long hour = TimeUnit.HOURS.toNanos(1);
        ServerOrders.Server server = new ServerOrders.Server("api", HealthBoard.memberId(Samples.RS2));
        orders.set(server, Admin.DRAIN);
        use(within(API, hour));
        ServiceConfig one = within(unchecked("api", 81, Samples.RS2), hour);
        use(one);
        services.dropLeft("config");
        Map<ServerOrders.Server, Drains.Progress> before = services.view().drains();
        assertEquals(2, before.size());
        use(WEB);
        assertEquals(Map.of(), services.view().drains());
        use(one);
        services.dropLeft("config");
        assertEquals(before, services.view().drains(), "with the time that they had");
        assertEquals(List.of(0, 0), weights(API));
        use(WEB);
        services.dropLeft("config");
        use(one);
        services.dropLeft("config");
        assertEquals(Set.of(server), services.view().drains().keySet(), "who left with its service is forgotten");
    }

    @Test
    void hooksAreToldOnceOfANewServiceAndThenWhenItTurns() throws Exception {
        ServerOrders.Server server = new ServerOrders.Server("web", HealthBoard.memberId(Samples.RS1));
        use(WEB);
        services.dropLeft("config");
        use(WEB, API);
        services.dropLeft("config");
        assertTrue(services.order(server, Admin.DISABLED));
        assertTrue(services.order(server, Admin.ENABLED));
        assertEquals(List.of("web tracked true", "web hooks true", "api tracked true", "api hooks true",
                "web tracked false", "web hooks false", "web tracked true", "web hooks true"), told);
        told.clear();
        use(API);
        use(WEB, API);
        services.dropLeft("config");
        assertEquals(List.of(), told, "it was about to leave");
        use(API);
        services.dropLeft("config");
        use(WEB, API);
        assertEquals(List.of("web tracked true", "web hooks true"), told, "it is new again");
    }

    /** Runs them as the director's loop does, until that is so. */
    private void settleUntil(BlockingQueue<Boolean> news, BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            news.poll(services.dueNs() - System.nanoTime(), TimeUnit.NANOSECONDS);
            services.settle();
        }
    }

    private static ServiceConfig within(ServiceConfig service, long drainTimeoutNs) {
        return new ServiceConfig(service.server(), service.pool(), drainTimeoutNs);
    }

    @Test
    void aDrainedServerGoesWithItsLastConnectionForGood() throws Exception {
        ServerOrders.Server server = new ServerOrders.Server("api", HealthBoard.memberId(Samples.RS1));
        BlockingQueue<Boolean> news = new LinkedBlockingQueue<>();
        services = new Services(log, listener, () -> news.add(true));
        DryRunIpvs kernel = new DryRunIpvs(Optional.empty());
        IpvsEvents events = new IpvsEvents(log, false, cause -> {
            throw new AssertionError(cause);
        });
        try (Reconciler reconciler = Reconciler.start(
                kernel, events, new Reconciler.Setup(Samples.SECOND, IpvsSysctls.NONE, IpvsMemory.NONE, false))) {
            services.keepBy(reconciler);
            use(API);
            orders.set(server, Admin.DRAIN.withWeight(7));
            services.order(server, orders.of(server));
            assertEquals(List.of(0, 3), weights(API));
            assertEquals(Set.of(server), services.view().drains().keySet());
            settleUntil(news, () -> weights(API).size() < 2);
            assertEquals(List.of(3), weights(API));
            assertEquals(Map.of(), services.view().drains());
            assertEquals(Map.of(server, Admin.DRAINED.withWeight(7)),
                    new ServerOrders(OperatorFile.load(folder)).all(), "also after a restart");
            services.order(server, Admin.ENABLED);
            assertEquals(List.of(1, 3), weights(API));
        }
    }

    @Test
    void whoLeavesTheConfigurationStaysUntilItsTimeIsOver() throws Exception {
        ServiceConfig both = within(API, 50_000_000);
        ServiceConfig one = within(unchecked("api", 81, Samples.RS2), 50_000_000);
        BlockingQueue<Boolean> news = new LinkedBlockingQueue<>();
        use(both);
        use(one);
        services.dropLeft("config");
        assertEquals(List.of(3, 0), weights(API));
        use(both);
        services.dropLeft("config");
        assertEquals(List.of(1, 3), weights(API), "it came back");
        use(one);
        services.dropLeft("config");
        settleUntil(news, () -> weights(API).size() < 2);
        assertEquals(List.of(3), weights(API));
        use(both);
        use(unchecked("api", 81, Samples.RS2));
        services.dropLeft("config");
        assertEquals(List.of(3), weights(API), "it gives them no time");
    }

    @Test
    void whatWasCountedStaysWithTheServiceOverAReload() throws Exception {
        RealServer nobody = RealServer.of(Samples.ip("127.0.0.1"), 1, 1, ForwardingMethod.NAT);
        ServiceConfig checked = Samples.service("web", 80, nobody);
        CountDownLatch heard = new CountDownLatch(1);
        services = new Services(log, listener, heard::countDown);
        use(checked, API);
        assertTrue(heard.await(20, TimeUnit.SECONDS), "the check failed");
        use(unchecked("web", 80, Samples.RS1), API);
        services.dropLeft("config");
        assertTrue(services.view().past().get("web").failed() > 0);
        assertEquals(Set.of("web"), services.view().past().keySet());
        use(API);
        services.dropLeft("config");
        assertEquals(Map.of(), services.view().past());
    }
}
