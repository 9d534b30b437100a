package dev.vipd.director.hooks;

import dev.vipd.director.config.FifoConfig;
import dev.vipd.director.config.Hook;
import dev.vipd.director.config.HookScript;
import dev.vipd.director.config.HooksConfig;
import dev.vipd.director.config.NotifyConfig;
import dev.vipd.director.events.EventLog;
import dev.vipd.vrrp.SyncGroupConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells scripts, named pipes and webhooks what instances, sync groups and virtual servers come to. {@link #happened}
 * only hands over, so that the VRRP thread may call it; one thread, {@code hooks}, sorts what comes into queues and
 * writes the pipes.
 */
public final class Hooks {
    /** How long an orderly stop waits for scripts and webhooks in all. */
    public static final long STOP_NS_MAX = TimeUnit.SECONDS.toNanos(30);

    private static final long JOIN_MS_MAX = 5_000;
    private static final int SERVICE_THREADS_MAX = 32;
    private static final long IDLE_S = 10;
    private static final String NOTIFY = "notify";
    private static final String WEBHOOK = "webhook";
    private static final String GLOBAL_WEBHOOK = "global.webhook";

    private final String node;
    private final boolean dryRun;
    private final HookLog log;
    /** For virtual servers, of which there may be very many that lose their quorum at once. */
    private final Map<String, Executor> serviceThreads = Map.of(
            NOTIFY, threads(NOTIFY), WEBHOOK, threads(WEBHOOK), GLOBAL_WEBHOOK, threads(GLOBAL_WEBHOOK));
    private final ConcurrentLinkedQueue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("hooks").unstarted(this::work);
    private volatile boolean closing;

    // the thread's own
    private final Map<String, HookQueue> queues = new HashMap<>();
    private final GroupStates groups = new GroupStates();
    private final List<NotifyFifo> fifos = new ArrayList<>();
    private final Set<FifoConfig> silent = new HashSet<>();
    private HooksConfig config = HooksConfig.NONE;

    /** @param node {@code router_id} */
    public Hooks(EventLog eventLog, String node, boolean dryRun) {
        log = new HookLog(eventLog);
        this.node = node;
        this.dryRun = dryRun;
        thread.start();
    }

    /** Takes another configuration; what happened before is still told by the old one. Any thread. */
    public void configure(HooksConfig wanted, List<SyncGroupConfig> syncGroups) {
        put(() -> {
            config = wanted;
            groups.configure(syncGroups);
            log.keepOnly(status -> owned(status.kind(), status.name()).scripts().keySet().stream()
                            .anyMatch(hook -> hook.key().equals(status.hook()))
                    || status.hook().endsWith(WEBHOOK));
            takeFifos();
        });
    }

    /** Tells of an event, after all that were given before. Any thread; never blocks. */
    public void happened(HookEvent event) {
        put(() -> {
            tell(event);
            groups.after(event).forEach(this::tell);
        });
    }

    /** What became of each hook. Any thread. */
    public List<HookStatus> status() {
        return log.status();
    }

    /** Waits for what is under way, for {@link #STOP_NS_MAX} at most, and ends the rest. */
    public void close() throws InterruptedException {
        long deadlineNs = System.nanoTime() + STOP_NS_MAX;
        closing = true;
        LockSupport.unpark(thread);
        thread.join(JOIN_MS_MAX);
        for (HookQueue queue : List.copyOf(queues.values())) {
            queue.finish(deadlineNs);
        }
        fifos.forEach(NotifyFifo::close);
    }

    private void put(Runnable task) {
        inbox.add(task);
        LockSupport.unpark(thread);
    }

    private void work() {
        while (true) {
            boolean last = closing;
            for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.broken(e); // one hook is lost, not all that come after it
                }
            }
            if (last) {
                return;
            }
            if (inbox.isEmpty() && !closing) {
                LockSupport.park(this);
            }
        }
    }

    private NotifyConfig owned(HookEvent.Kind kind, String name) {
        Map<String, NotifyConfig> owners = switch (kind) {
            case INSTANCE -> config.instances();
            case GROUP -> config.groups();
            case SERVICE -> config.services();
        };
        return owners.getOrDefault(name, NotifyConfig.NONE);
    }

    private void tell(HookEvent given) {
        NotifyConfig owner = owned(given.kind(), given.name());
        // as in keepalived: who does not ask for DELETED hears of FAULT
        HookEvent event = given.state() == HookState.DELETED && !owner.deleted()
                ? new HookEvent(given.kind(), given.name(), HookState.FAULT, given.priority(), given.from(),
                        given.why(), given.wallMs())
                : given;
        if (event.kind() != HookEvent.Kind.SERVICE && event.state().hook() != Hook.NOTIFY_CONFLICT) {
            fifos.forEach(fifo -> write(fifo, event));
        }
        add(event, NOTIFY, scripts(event, owner));
        config.webhook().ifPresent(webhook -> add(event, GLOBAL_WEBHOOK, List.of(
                new WebhookJob(event, GLOBAL_WEBHOOK, webhook, node))));
        owner.webhook().ifPresent(webhook -> add(event, WEBHOOK, List.of(
                new WebhookJob(event, WEBHOOK, webhook, node))));
    }

    private List<ScriptJob> scripts(HookEvent event, NotifyConfig owner) {
        List<ScriptJob> jobs = new ArrayList<>();
        Hook own = event.state().hook();
        Optional.ofNullable(owner.scripts().get(own)).ifPresent(script ->
                jobs.add(new ScriptJob(event, own.key(), script, own == Hook.NOTIFY_CONFLICT)));
        HookScript any = owner.scripts().get(Hook.NOTIFY);
        if (any != null && event.state().transition()) {
            jobs.add(new ScriptJob(event, Hook.NOTIFY.key(), any, true));
        }
        return jobs;
    }

    private void add(HookEvent event, String queue, List<? extends HookQueue.Job> jobs) {
        if (dryRun) {
            jobs.forEach(job -> log.dryRun(event, job.hook(), job.what()));
            return;
        }
        if (jobs.isEmpty()) {
            return;
        }
        String name = queue + "-" + event.kind() + "-" + event.name();
        // one each for instances and groups, which wait for nobody else's; not a virtual one: starting a program and
        // asking a name server block the thread below
        Executor threads = event.kind() == HookEvent.Kind.SERVICE
                ? serviceThreads.get(queue)
                : task -> Thread.ofPlatform().daemon().name(name).start(task);
        queues.computeIfAbsent(name, _ -> new HookQueue(log, threads)).add(jobs);
    }

    private static Executor threads(String queue) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                SERVICE_THREADS_MAX, SERVICE_THREADS_MAX, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name(queue + "-" + HookEvent.Kind.SERVICE + "-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private void write(NotifyFifo fifo, HookEvent event) {
        try {
            fifo.write(event.fifoLine());
            silent.remove(fifo.config());
        } catch (IOException e) {
            if (silent.add(fifo.config())) { // once, until it works again
                log.trouble(event, "notify_fifo", e.getMessage());
            }
        }
    }

    private void takeFifos() {
        if (dryRun) {
            return;
        }
        for (Iterator<NotifyFifo> i = fifos.iterator(); i.hasNext(); ) {
            NotifyFifo fifo = i.next();
            if (!config.fifos().contains(fifo.config())) {
                fifo.close();
                i.remove();
            }
        }
        for (FifoConfig wanted : config.fifos()) {
            if (fifos.stream().noneMatch(fifo -> fifo.config().equals(wanted))) {
                NotifyFifo fifo = new NotifyFifo(wanted, log);
                fifos.add(fifo);
                try {
                    fifo.prepare(); // before the first line, so that a reader can wait for it
                } catch (IOException e) {
                    silent.remove(wanted); // the first line says so
                }
            }
        }
    }
}
