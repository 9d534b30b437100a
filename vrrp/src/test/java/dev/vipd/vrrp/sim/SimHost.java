package dev.vipd.vrrp.sim;

import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.LoopTurn;
import dev.vipd.vrrp.SyncGroup;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.VirtualRouter;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.wire.AdvertCodec;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.stream.IntStream;

/** One host: a kernel with a clock and links, and a process with real virtual routers, which may freeze or die. */
final class SimHost implements LoopTurn<RuntimeException> {
    static final TrackerId WEIGHTED = TrackerId.script("weighted");
    static final TrackerId VITAL = TrackerId.script("vital");
    static final long WAKE_LATE_NS_MAX = 500_000;
    private static final int RECEIVE_QUEUE_MAX = 64;

    private final int id;
    private final World world;
    private final long clockOffsetNs;
    private final long clockPpm;
    private final List<SimRouter> routers;
    private final Map<TrackerId, TrackerReading> trackers =
            new HashMap<>(Map.of(WEIGHTED, TrackerReading.UP, VITAL, TrackerReading.UP));

    /** What came in on one of its networks. */
    private record Packet(int index, byte[] bytes) {}

    // how many faults hold it in that state
    private int down = 1;
    private int frozen;
    private final int[] linkless;
    private int weighted;
    private int unfit;
    private int maintained;

    private final Queue<Packet> received = new ArrayDeque<>();
    private final Queue<Runnable> notices = new ArrayDeque<>();
    private final Queue<Runnable> mailbox = new ArrayDeque<>();
    private Optional<SyncGroup> group = Optional.empty();
    private boolean running;
    private boolean stopping;
    private OptionalLong killedAtNs = OptionalLong.empty();
    private boolean turning;
    private long alarmAtNs = Long.MAX_VALUE;
    private long pauses;

    /** @param clockPpm how much faster than true time its clock runs, in millionths */
    SimHost(int id, List<VirtualRouterConfig> configs, long clockOffsetNs, long clockPpm, World world) {
        this.id = id;
        this.world = world;
        this.clockOffsetNs = clockOffsetNs;
        this.clockPpm = clockPpm;
        linkless = new int[configs.size()];
        routers = IntStream.range(0, configs.size())
                .mapToObj(i -> new SimRouter(this, configs.get(i), world.lan(i), world))
                .toList();
        configs.forEach(config -> trackers.put(link(config), TrackerReading.UP));
    }

    int id() {
        return id;
    }

    /** Its router on that network. */
    SimRouter router(int index) {
        return routers.get(index);
    }

    List<SimRouter> routers() {
        return routers;
    }

    private static TrackerId link(VirtualRouterConfig config) {
        return TrackerId.networkInterface(config.interfaceName());
    }

    long localNs() {
        long now = world.nowNs();
        return clockOffsetNs + now + now * clockPpm / 1_000_000;
    }

    /** Alive, and not frozen: it acts on what it hears. */
    boolean acts() {
        return running && frozen == 0;
    }

    boolean linked(int index) {
        return linkless[index] == 0;
    }

    // what happens to it

    /** @param orderly hands over first, and dies when that is done */
    void stop(boolean orderly) {
        down++;
        if (!running) {
            return;
        }
        if (!orderly) {
            die();
        } else if (!stopping) {
            stopping = true;
            post(() -> routers.forEach(SimRouter::stop));
        }
    }

    void start() {
        if (--down == 0 && !running) {
            boot();
        }
    }

    private void boot() {
        running = true;
        pauses++;
        world.note(this, 91, () -> "host " + id + " starts, holds " + present());
        long leaseNs = Math.max(1, routers.getFirst().config().holding().leaseNs());
        OptionalLong aliveAgoNs = killedAtNs.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(world.nowNs() - killedAtNs.getAsLong() + world.draw(id) % leaseNs / 3);
        routers.forEach(router -> router.create(trackers));
        group = routers.size() == 1
                ? Optional.empty()
                : Optional.of(new SyncGroup("G", routers.stream().map(SimRouter::router).toList()));
        keepInStep();
        routers.forEach(router -> router.boot(maintained > 0, aliveAgoNs));
        turn();
    }

    private List<Holding> present() {
        return routers.stream().flatMap(router -> router.present().stream()).toList();
    }

    private void keepInStep() {
        group.ifPresent(members -> {
            for (Optional<SyncGroup.Order> order = members.next(localNs()); order.isPresent();
                    order = members.next(localNs())) {
                VirtualRouter member = order.get().router();
                VrrpEvent event = order.get().event();
                routers.stream().filter(router -> router.router() == member).forEach(router -> router.give(event));
            }
        });
    }

    private void die() {
        world.note(this, 90, () -> "host " + id + (stopping ? " stops" : " dies") + ", holds " + present());
        killedAtNs = stopping ? OptionalLong.empty() : OptionalLong.of(world.nowNs());
        running = false;
        stopping = false;
        routers.forEach(SimRouter::die);
        group = Optional.empty();
        received.clear();
        notices.clear();
        mailbox.clear();
        pauses++;
        expireLease();
    }

    void freeze(int by) {
        frozen += by;
        world.note(this, 92 + frozen, () -> "host " + id + (frozen > 0 ? " is frozen" : " goes on, waiting "
                + received.size()));
        if (frozen == 0) {
            pauses++;
            turn();
        } else if (by > 0 && frozen == 1) {
            expireLease();
        }
    }

    /** The kernel removes what nobody renews any more. */
    private void expireLease() {
        long leaseNs = routers.getFirst().config().holding().leaseNs();
        long pause = pauses;
        if (leaseNs > 0) {
            world.after(leaseNs / 3 + world.draw(id) % (2 * leaseNs / 3), () -> {
                if (pause == pauses && !acts()) {
                    routers.forEach(SimRouter::delete);
                }
            });
        }
    }

    void link(int index, int by) {
        linkless[index] += by;
        tracker(link(routers.get(index).config()), linkless[index] == 0);
    }

    void weight(int by) {
        weighted += by;
        tracker(WEIGHTED, weighted == 0);
    }

    void vital(int by) {
        unfit += by;
        tracker(VITAL, unfit == 0);
    }

    private void tracker(TrackerId tracker, boolean up) {
        TrackerReading reading = TrackerReading.of(up);
        if (!reading.equals(trackers.put(tracker, reading))) {
            Runnable tell = () -> routers.forEach(router -> router.tracker(tracker, reading));
            if (tracker.kind() == TrackerId.Kind.INTERFACE) {
                notice(tell);
            } else {
                post(tell);
            }
        }
    }

    void maintenance(int by) {
        maintained += by;
        boolean on = maintained > 0;
        post(() -> routers.forEach(router -> router.maintenance(on)));
    }

    void failover() {
        post(() -> routers.forEach(SimRouter::failover));
    }

    void reload(List<VirtualRouterConfig> configs) {
        post(() -> {
            for (int i = 0; i < configs.size(); i++) {
                routers.get(i).reload(configs.get(i), trackers);
            }
        });
    }

    void sourceless(int index, int by) {
        routers.get(index).source(by);
        notice(routers.get(index)::tellSource);
    }

    // the process

    /** A packet has come in. */
    void receive(int index, byte[] packet) {
        if (running && linked(index) && received.size() < RECEIVE_QUEUE_MAX) {
            received.add(new Packet(index, packet));
            turn();
        }
    }

    /** Nothing waits in its receive queue. */
    boolean heardAll() {
        return received.isEmpty();
    }

    /** The kernel tells something. */
    void notice(Runnable what) {
        if (running) {
            notices.add(what);
            turn();
        }
    }

    private void post(Runnable what) {
        if (running) {
            mailbox.add(what);
            turn();
        }
    }

    private void turn() {
        if (acts() && !turning) {
            turning = true;
            do {
                take();
            } while (!(received.isEmpty() && notices.isEmpty() && mailbox.isEmpty()));
            turning = false;
            setAlarm();
            world.stepped(this);
            if (stopping && routers.stream().allMatch(SimRouter::stopped)) {
                die();
                if (down == 0) {
                    boot();
                }
            }
        }
    }

    @Override
    public void receivePackets() {
        for (Packet packet; (packet = received.poll()) != null; ) {
            routers.get(packet.index()).packet(AdvertCodec.decode(packet.bytes(), packet.bytes().length));
        }
    }

    @Override
    public void hearKernel() {
        runAll(notices);
    }

    @Override
    public void openMailbox() {
        runAll(mailbox);
    }

    @Override
    public void actOnTimers() {
        routers.forEach(SimRouter::actOnTimer);
        keepInStep();
    }

    private static void runAll(Queue<Runnable> tasks) {
        for (Runnable task; (task = tasks.poll()) != null; ) {
            task.run();
        }
    }

    /** One alarm is set at a time; one that comes too early is set anew. */
    private void setAlarm() {
        long waitNs = Long.MAX_VALUE;
        long deadlineNs = 0;
        for (SimRouter router : routers) {
            OptionalLong deadline = router.nextDeadlineNs();
            if (deadline.isPresent() && deadline.getAsLong() - localNs() < waitNs) {
                deadlineNs = deadline.getAsLong();
                waitNs = Math.max(0, deadlineNs - localNs());
            }
        }
        if (waitNs == Long.MAX_VALUE) {
            return;
        }
        long atNs = world.nowNs() + waitNs - waitNs * clockPpm / 1_000_000
                + Math.floorMod(Draws.of(id, deadlineNs, 7), WAKE_LATE_NS_MAX);
        if (atNs < alarmAtNs || alarmAtNs < world.nowNs()) {
            alarmAtNs = atNs;
            world.at(atNs, () -> {
                if (alarmAtNs == atNs) {
                    alarmAtNs = Long.MAX_VALUE;
                    if (acts()) {
                        turn();
                    }
                }
            });
        }
    }
}
