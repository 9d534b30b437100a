package dev.vipd.vrrp.sim;

import dev.vipd.vrrp.LoopTurn;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.DecodeResult;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;

/** One host: a kernel with a clock and links, and a process with real virtual routers, which may freeze or die. */
final class SimHost implements LoopTurn<RuntimeException> {
    static final TrackerId WEIGHTED = TrackerId.script("weighted");
    static final TrackerId VITAL = TrackerId.script("vital");
    static final TrackerId LINK = TrackerId.networkInterface("eth0");
    static final long WAKE_LATE_NS_MAX = 500_000;
    private static final int RECEIVE_QUEUE_MAX = 64;

    private final int id;
    private final World world;
    private final long clockOffsetNs;
    private final long clockPpm;
    private final SimRouter router;
    private final Map<TrackerId, TrackerReading> trackers =
            new HashMap<>(Map.of(WEIGHTED, TrackerReading.UP, VITAL, TrackerReading.UP, LINK, TrackerReading.UP));

    // how many faults hold it in that state
    private int down = 1;
    private int frozen;
    private int linkless;
    private int weighted;
    private int unfit;
    private int maintained;

    private final Queue<byte[]> received = new ArrayDeque<>();
    private final Queue<Runnable> notices = new ArrayDeque<>();
    private final Queue<Runnable> mailbox = new ArrayDeque<>();
    private boolean running;
    private boolean stopping;
    private OptionalLong killedAtNs = OptionalLong.empty();
    private boolean turning;
    private long alarmAtNs = Long.MAX_VALUE;
    private long pauses;

    /** @param clockPpm how much faster than true time its clock runs, in millionths */
    SimHost(int id, VirtualRouterConfig config, long clockOffsetNs, long clockPpm, World world) {
        this.id = id;
        this.world = world;
        this.clockOffsetNs = clockOffsetNs;
        this.clockPpm = clockPpm;
        router = new SimRouter(this, config, world);
    }

    int id() {
        return id;
    }

    SimRouter router() {
        return router;
    }

    long localNs() {
        long now = world.nowNs();
        return clockOffsetNs + now + now * clockPpm / 1_000_000;
    }

    /** Alive, and not frozen: it acts on what it hears. */
    boolean acts() {
        return running && frozen == 0;
    }

    boolean linked() {
        return linkless == 0;
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
            post(router::stop);
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
        world.note(this, 91, () -> "host " + id + " starts, holds " + router.present());
        long leaseNs = Math.max(1, router.config().holding().leaseNs());
        router.boot(trackers, maintained > 0, killedAtNs.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(world.nowNs() - killedAtNs.getAsLong() + world.draw(id) % leaseNs / 3));
        turn();
    }

    private void die() {
        world.note(this, 90, () -> "host " + id + (stopping ? " stops" : " dies") + ", holds " + router.present());
        killedAtNs = stopping ? OptionalLong.empty() : OptionalLong.of(world.nowNs());
        running = false;
        stopping = false;
        router.die();
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
        long leaseNs = router.config().holding().leaseNs();
        long pause = pauses;
        if (leaseNs > 0) {
            world.after(leaseNs / 3 + world.draw(id) % (2 * leaseNs / 3), () -> {
                if (pause == pauses && !acts()) {
                    router.delete();
                }
            });
        }
    }

    void link(int by) {
        linkless += by;
        tracker(LINK, linkless == 0);
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
            Runnable tell = () -> router.tracker(tracker, reading);
            if (tracker.equals(LINK)) {
                notice(tell);
            } else {
                post(tell);
            }
        }
    }

    void maintenance(int by) {
        maintained += by;
        boolean on = maintained > 0;
        post(() -> router.maintenance(on));
    }

    void failover() {
        post(router::failover);
    }

    void reload(VirtualRouterConfig config) {
        post(() -> router.reload(config, trackers));
    }

    void sourceless(int by) {
        router.source(by);
        notice(router::tellSource);
    }

    // the process

    /** A packet has come in. */
    void receive(byte[] packet) {
        if (running && linkless == 0 && received.size() < RECEIVE_QUEUE_MAX) {
            received.add(packet);
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
            if (stopping && router.stopped()) {
                die();
                if (down == 0) {
                    boot();
                }
            }
        }
    }

    @Override
    public void receivePackets() {
        for (byte[] packet; (packet = received.poll()) != null; ) {
            DecodeResult decoded = AdvertCodec.decode(packet, packet.length);
            router.packet(decoded);
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
        router.actOnTimer();
    }

    private static void runAll(Queue<Runnable> tasks) {
        for (Runnable task; (task = tasks.poll()) != null; ) {
            task.run();
        }
    }

    /** One alarm is set at a time; one that comes too early is set anew. */
    private void setAlarm() {
        OptionalLong deadline = router.nextDeadlineNs();
        if (deadline.isEmpty()) {
            return;
        }
        long waitNs = Math.max(0, deadline.getAsLong() - localNs());
        long atNs = world.nowNs() + waitNs - waitNs * clockPpm / 1_000_000
                + Math.floorMod(Draws.of(id, deadline.getAsLong(), 7), WAKE_LATE_NS_MAX);
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
