package dev.vipd.vrrp.sim;

import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouter;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.VrrpEvent.Deadline;
import dev.vipd.vrrp.VrrpEvent.FaultCleared;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.HoldingAddFailed;
import dev.vipd.vrrp.VrrpEvent.HoldingLost;
import dev.vipd.vrrp.VrrpEvent.PacketReceived;
import dev.vipd.vrrp.VrrpEvent.Reconfigured;
import dev.vipd.vrrp.VrrpEvent.SourceAddressChanged;
import dev.vipd.vrrp.VrrpEvent.Startup;
import dev.vipd.vrrp.VrrpState;
import dev.vipd.vrrp.wire.AdvertCodec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** One host: a kernel with addresses and a link, and a process with a real virtual router, which may freeze or die. */
final class SimDirector {
    private static final int RECEIVE_QUEUE_MAX = 64;
    private static final long WAKE_LATE_NS_MAX = 500_000;
    private static final FaultReason LINK_DOWN = new FaultReason(FaultReason.Kind.INTERFACE, "eth0");

    private final int id;
    private final InetAddress address;
    private final Scheduler scheduler;
    private final Lan lan;
    private final RandomGenerator random;
    private final Trace trace;
    private final long clockOffsetNs;

    // the kernel: survives the process
    private final Set<VirtualAddress> held = new HashSet<>();
    private final Set<VirtualAddress> lossNotYetTold = new HashSet<>();
    private boolean refuses;
    private boolean linkUp = true;
    private boolean hasSource = true;

    // the process
    private VirtualRouterConfig config;
    private Optional<VirtualRouter> router = Optional.empty();
    private EventChecker checker;
    private boolean frozen;
    private final List<VrrpEvent> waiting = new ArrayList<>();
    private long alarm;

    SimDirector(
            int id, VirtualRouterConfig config, Scheduler scheduler, Lan lan, RandomGenerator random, Trace trace) {
        this.id = id;
        this.config = config;
        this.address = config.sourceAddress().orElseThrow();
        this.scheduler = scheduler;
        this.lan = lan;
        this.random = random;
        this.trace = trace;
        // no two hosts count from the same moment, and some clocks overflow during the run
        clockOffsetNs = random.nextBoolean() ? Long.MAX_VALUE - random.nextLong(100_000_000_000L) : random.nextLong();
        lan.attach(this);
    }

    int id() {
        return id;
    }

    InetAddress address() {
        return address;
    }

    VirtualRouterConfig config() {
        return config;
    }

    Optional<VirtualRouter> router() {
        return router;
    }

    boolean frozen() {
        return frozen;
    }

    Set<VirtualAddress> held() {
        return held;
    }

    Set<VirtualAddress> lossNotYetTold() {
        return lossNotYetTold;
    }

    boolean master() {
        return router.isPresent() && router.get().state() == VrrpState.MASTER;
    }

    /** Time since the process last sent an advert. */
    long silenceNs() {
        return checker.silenceNs(localNs());
    }

    /** Starts the process, after a crash with the addresses that it left behind. */
    void start() {
        if (router.isPresent()) {
            return;
        }
        trace.line(scheduler.nowNs(), id + " start, held " + held.size());
        router = Optional.of(new VirtualRouter(config, source(), localNs()));
        checker = new EventChecker(router.get());
        if (!linkUp) {
            deliver(new FaultRaised(LINK_DOWN));
        }
        deliver(new Startup());
    }

    /** The process dies: no last advert, and its addresses stay. */
    void crash() {
        trace.line(scheduler.nowNs(), id + " crash, held " + held.size());
        router = Optional.empty();
        frozen = false;
        waiting.clear();
        lossNotYetTold.clear();
        alarm++;
    }

    void freeze() {
        trace.line(scheduler.nowNs(), id + " freeze");
        frozen = router.isPresent();
    }

    /** Whatever waited comes first, then the timers. */
    void thaw() {
        if (!frozen) {
            return;
        }
        trace.line(scheduler.nowNs(), id + " thaw, waiting " + waiting.size());
        frozen = false;
        List<VrrpEvent> burst = List.copyOf(waiting);
        waiting.clear();
        burst.forEach(this::deliver);
        deliver(new Deadline());
    }

    void link(boolean up) {
        if (up != linkUp) {
            linkUp = up;
            deliver(up ? new FaultCleared(LINK_DOWN) : new FaultRaised(LINK_DOWN));
        }
    }

    void source(boolean present) {
        hasSource = present;
        deliver(new SourceAddressChanged(source()));
    }

    void refuse(boolean on) {
        refuses = on;
    }

    /** Only a process that runs: what a dead one left is not in a configuration that changed meanwhile. */
    void reload(VirtualRouterConfig newConfig) {
        if (router.isPresent() && !frozen) {
            config = newConfig;
            deliver(new Reconfigured(newConfig, newConfig.priority()));
        }
    }

    /** Somebody deletes a VIP; the process is told a little later. */
    void loseAddress(VirtualAddress vip) {
        if (held.remove(vip) && router.isPresent()) {
            lossNotYetTold.add(vip);
            VirtualRouter process = router.get();
            scheduler.after(random.nextLong(3_000_000), () -> {
                if (router.isPresent() && router.get() == process) {
                    deliver(new HoldingLost(vip));
                }
            });
        }
    }

    void packet(byte[] bytes) {
        if (linkUp && waiting.size() < RECEIVE_QUEUE_MAX) {
            deliver(new PacketReceived(AdvertCodec.decode(bytes, bytes.length)));
            // as the loop does after the packets of one wake-up, whether or not a timer is due
            deliver(new Deadline());
        }
    }

    void deliver(VrrpEvent event) {
        if (router.isEmpty()) {
            return;
        }
        if (frozen) {
            waiting.add(event);
            return;
        }
        if (event instanceof HoldingLost(VirtualAddress vip)) {
            lossNotYetTold.remove(vip);
        }
        List<VrrpEffect> effects = checker.on(event, localNs());
        if (!(event instanceof Deadline && effects.isEmpty())) {
            trace.line(scheduler.nowNs(), id + " " + event + " -> " + router.get().state() + " " + effects);
        }
        List<VirtualAddress> failed = new ArrayList<>();
        effects.forEach(effect -> carryOut(effect, failed));
        setAlarm();
        failed.forEach(vip -> deliver(new HoldingAddFailed(vip, "EPERM")));
    }

    private void carryOut(VrrpEffect effect, List<VirtualAddress> failed) {
        switch (effect) {
            case VrrpEffect.SendAdvert advert -> {
                if (linkUp) {
                    lan.send(this, advert);
                }
            }
            case VrrpEffect.AddHoldings(List<? extends Holding> items) -> {
                for (Holding item : items) {
                    VirtualAddress vip = (VirtualAddress) item;
                    (refuses && !held.contains(vip) ? failed : held).add(vip);
                }
            }
            case VrrpEffect.RemoveHoldings(List<? extends Holding> items) -> items.forEach(held::remove);
            case VrrpEffect.Announce announce -> announce.addresses().stream()
                    .filter(vip -> !failed.contains(vip) && !lossNotYetTold.contains(vip))
                    .forEach(vip -> EventChecker.require(held.contains(vip), "announced but not held: " + vip));
            case VrrpEffect.Report _ -> {}
        }
    }

    private void setAlarm() {
        long mine = ++alarm;
        router.get().nextDeadlineNs().ifPresent(atNs -> {
            long lateNs = random.nextLong(WAKE_LATE_NS_MAX);
            scheduler.after(atNs - localNs() + lateNs, () -> {
                if (mine == alarm && !frozen) {
                    deliver(new Deadline());
                }
            });
        });
    }

    private Optional<InetAddress> source() {
        return hasSource ? Optional.of(address) : Optional.empty();
    }

    private long localNs() {
        return scheduler.nowNs() + clockOffsetNs;
    }
}
