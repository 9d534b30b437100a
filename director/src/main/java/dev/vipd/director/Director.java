package dev.vipd.director;

import dev.vipd.director.config.ConfigLoader;
import dev.vipd.director.config.ConfigResult;
import dev.vipd.director.config.Finding;
import dev.vipd.director.config.GlobalConfig;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.director.control.ControlClient.Response;
import dev.vipd.director.control.ControlServer;
import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.director.events.Level;
import dev.vipd.director.hooks.HookChecks;
import dev.vipd.director.hooks.Hooks;
import dev.vipd.director.metrics.HttpServer;
import dev.vipd.healthcheck.pool.PoolSummary;
import dev.vipd.ipvs.kernel.IpvsKernel;
import dev.vipd.ipvs.kernel.IpvsSysctls;
import dev.vipd.ipvs.sync.OnStop;
import dev.vipd.ipvs.sync.Reconciler;
import dev.vipd.ipvs.sync.SyncReport;
import dev.vipd.netlink.script.Accounts;
import dev.vipd.vrrp.io.ServiceState;
import dev.vipd.vrrp.io.VrrpLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * The daemon: owns the configuration and the health board, and joins the three parts. Everything that changes either of
 * the two runs on one thread, the one that called {@link #run()}, off a mailbox.
 */
public final class Director {
    private final Path file;
    private final boolean dryRun;
    private final EventLog log;
    private final BiConsumer<String, Throwable> onFailure;
    private final Services services;
    private final DirectorMailbox mailbox = new DirectorMailbox();
    private final ReentrantLock reloading = new ReentrantLock();
    private volatile VipdConfig config;
    private ControlServer control;
    private Optional<HttpServer> http = Optional.empty();
    private final Hooks hooks;
    private final HookReports hookReports;
    private final LvsSettings lvs = new LvsSettings();
    private final IpvsEvents ipvsEvents;
    private final Marks marks;
    private VrrpLoop vrrp;
    private Operators operators;
    private volatile Reconciler reconciler;
    private String stopReason = "";
    private volatile boolean failed;

    /**
     * @param config    what {@code file} held
     * @param onFailure told of what should not happen, for a stack trace: the log's lines have no place for one. Any
     *                  thread.
     */
    public Director(
            Path file, VipdConfig config, boolean dryRun, EventLog log, BiConsumer<String, Throwable> onFailure) {
        this.file = file;
        this.config = config;
        this.dryRun = dryRun;
        this.log = log;
        this.onFailure = onFailure;
        hooks = new Hooks(log, config.global().routerId(), dryRun);
        hookReports = new HookReports(hooks);
        ipvsEvents = new IpvsEvents(log, dryRun, cause -> partFailed("ipvs-sync", cause));
        marks = new Marks(ipvsEvents, dryRun, config.global().resyncIntervalNs());
        services = new Services(log, new Services.Listener() {
            @Override
            public void services(List<ServiceState> changed) {
                vrrp.servicesAre(changed);
            }

            @Override
            public void quorum(PoolSummary summary) {
                hookReports.report(summary);
            }
        }, mailbox::wake);
    }

    /**
     * Starts, runs until told to stop, and stops in an orderly way, also after a failure: no VIP stays behind.
     *
     * @return whether it ended as it was told to, not by a failure of its own
     * @throws IOException when it can't start, with a message that says what to do; nothing was changed then
     */
    public boolean run() throws IOException, InterruptedException {
        log.emit(Level.INFO, EventId.DAEMON_START, "Starting vipd " + Version.text() + (dryRun ? " (dry run)" : ""),
                "log", 1, "ver", Version.text(), "pid", ProcessHandle.current().pid(), "config", file);
        try {
            noteLoaded(Version.sha256(file));
            start();
            log.emit(Level.INFO, EventId.DAEMON_READY, "Startup complete",
                    "instances", config.instances().size(), "services", config.services().size());
            while (stopReason.isEmpty()) {
                mailbox.runUntil(services.dueNs());
                services.settle();
            }
        } catch (IOException e) {
            stopReason = e.getMessage();
            failed = true;
            throw e;
        } catch (RuntimeException | Error e) {
            failed("director", e);
            stopReason = "the director failed: " + e;
        } finally {
            stop();
        }
        return !failed;
    }

    /** Ends {@link #run()}. Any thread. */
    public void requestStop(String why) {
        mailbox.post(() -> stopReason = why);
    }

    /** Reads the configuration again. Any thread; does not wait for it. */
    public void requestReload(String user) {
        Thread.ofVirtual().name("reload").start(() -> {
            try {
                reload(user);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // vipd ends
            }
        });
    }

    private void start() throws IOException, InterruptedException {
        if (!dryRun) {
            Capabilities.require(!config.instances().isEmpty());
        }
        control = new ControlServer(Path.of(config.global().controlSocket()));
        if (LvsSettings.needsIpvs(config)) {
            startReconciler(DryRunIpvs.openKernel(dryRun, log), config.lvs().flush());
        } else if (IpvsFile.holdsAny(Path.of(config.global().stateDir()))) {
            removeLeftovers();
        }
        vrrp = VrrpLoop.open(config.vrrp(), new VrrpEvents(log, (instance, report) -> {
            hookReports.report(instance, report);
            lvs.report(instance, report);
        }, cause -> partFailed("vrrp", cause)), dryRun);
        operators = new Operators(Path.of(config.global().stateDir()), vrrp, dryRun);
        hooks.configure(config.hooks(), config.syncGroups());
        marks.use(config.lvs().marks(), "start"); // where nft is missing nothing has been changed yet
        Await.sync(lvs.use(config.lvs(), "start"));
        Await.sync(services.use(config.services(), operators.orders(), "start"));
        vrrp.realTime(config.global().vrrpRtPriority());
        operators.apply(config);
        Await.answer("vrrp", vrrp.begin()); // last: no VIP before there is a table behind it
        control.serve(new Commands(this, log)::handle);
        if (config.global().http().isPresent()) {
            http = Optional.of(Pages.serve(config.global().http().get(), this));
        }
    }

    /** The configuration wants nothing of IPVS any more, and the process that used it was killed or left it there. */
    private void removeLeftovers() {
        try {
            startReconciler(DryRunIpvs.openKernel(dryRun, log), false);
        } catch (IOException e) {
            ipvsEvents.memoryTrouble("services and settings of IPVS that are ours and that nobody wants any more can't"
                    + " be removed: " + e.getMessage());
        }
    }

    private void startReconciler(IpvsKernel kernel, boolean flush) {
        boolean dry = kernel instanceof DryRunIpvs;
        IpvsSysctls sysctls = dry ? new DryRunSysctls(IpvsSysctls.ofKernel()) : IpvsSysctls.ofKernel();
        reconciler = Reconciler.start(kernel, ipvsEvents, new Reconciler.Setup(
                config.global().resyncIntervalNs(), sysctls,
                IpvsFile.open(Path.of(config.global().stateDir()), dry, ipvsEvents::memoryTrouble), flush));
        services.keepBy(reconciler);
        lvs.keepBy(reconciler);
    }

    /**
     * Reads the file again and changes over to it, or says why not: then nothing has changed. The file is read on the
     * caller's thread, so that a long one holds up nothing; the director's thread makes the change. Any thread.
     */
    Response reload(String user) throws InterruptedException {
        reloading.lockInterruptibly(); // one after the other, so that the file that was read last counts
        try {
            ConfigResult result = HookChecks.add(ConfigLoader.load(file), file.toString(), Accounts.read());
            String sha = Version.sha256(file);
            return ask(() -> changeOver(result, sha, user));
        } finally {
            reloading.unlock();
        }
    }

    private Response changeOver(ConfigResult result, String sha, String user) throws InterruptedException {
        List<String> reasons = new ArrayList<>(result.findings().stream().map(Finding::toString).toList());
        if (result.config().isEmpty()) {
            return refuse(reasons);
        }
        VipdConfig wanted = result.config().get();
        String restart = needsRestart(config.global(), wanted.global());
        if (!restart.isEmpty()) {
            return refuse(
                    List.of(file + ": global." + restart + " is fixed while vipd runs; restart it to change that"));
        }
        Changes changes = Changes.between(config, wanted);
        try {
            changeOver(wanted);
        } catch (IOException e) {
            return refuse(List.of(file + ": " + e.getMessage()));
        }
        noteLoaded(sha);
        log.emit(Level.INFO, EventId.CONFIG_APPLIED, "configuration reloaded (" + user + "): " + changes,
                "added", changes.added(), "removed", changes.removed(), "changed", changes.changed());
        reasons.add("reloaded: " + changes);
        return new Response(true, String.join("\n", reasons) + "\n");
    }

    /**
     * Services come before the VIPs that lead to them, and go after: between the two steps both old and new ones are
     * there.
     *
     * @throws IOException when it can't be done; all is as it was then
     */
    private void changeOver(VipdConfig wanted) throws IOException, InterruptedException {
        Await.answer("vrrp", vrrp.require(wanted.instances()));
        if (reconciler == null && LvsSettings.needsIpvs(wanted)) {
            startReconciler(DryRunIpvs.openKernel(dryRun, log), false); // lvs_flush is for the start of vipd
        }
        marks.add(wanted.lvs().marks(), "config");
        hooks.configure(wanted.hooks().with(config.hooks()), wanted.syncGroups()); // before what they are to tell of
        try {
            Await.sync(lvs.use(wanted.lvs(), "config"));
            Await.sync(services.use(wanted.services(), operators.orders(), "config"));
            operators.takeOut(wanted);
            Await.answer("vrrp", vrrp.reconfigure(wanted.vrrp()));
        } catch (IOException e) {
            hooks.configure(config.hooks(), config.syncGroups());
            operators.apply(config);
            lvs.use(config.lvs(), "config");
            services.use(config.services(), operators.orders(), "config");
            services.dropLeft("config");
            marks.reduceTo(config.lvs().marks(), "config");
            throw e;
        }
        hooks.configure(wanted.hooks(), wanted.syncGroups());
        operators.apply(wanted);
        vrrp.realTime(wanted.global().vrrpRtPriority());
        config = wanted;
        services.dropLeft("config");
        marks.reduceTo(config.lvs().marks(), "config");
    }

    private Response refuse(List<String> reasons) {
        String more = reasons.size() == 1 ? "" : " (and " + (reasons.size() - 1) + " more: vipd check " + file + ")";
        log.emit(Level.ERROR, EventId.CONFIG_REJECTED,
                "the old configuration stays: " + reasons.getFirst() + more, "file", file, "findings", reasons.size());
        return new Response(false, "refused, the old configuration stays:\n" + String.join("\n", reasons) + "\n");
    }

    private static String needsRestart(GlobalConfig running, GlobalConfig wanted) {
        return !running.routerId().equals(wanted.routerId()) ? "router_id"
                : !running.controlSocket().equals(wanted.controlSocket()) ? "control_socket"
                : running.resyncIntervalNs() != wanted.resyncIntervalNs() ? "resync_interval"
                : !running.http().equals(wanted.http()) ? "http"
                : !running.stateDir().equals(wanted.stateDir()) ? "state_dir"
                : "";
    }

    /** Runs a command of a client on the director's thread, as {@link DirectorMailbox#ask}. */
    Response ask(DirectorMailbox.Command command) throws InterruptedException {
        return mailbox.ask(command);
    }

    /** Carries out {@code maintenance on|off [INSTANCE]}. */
    Response maintenance(String command) throws InterruptedException {
        return ask(() -> operators.maintenance(command, config));
    }

    Response failover(String instance) throws InterruptedException {
        return operators.failover(instance);
    }

    /** Carries out {@code drain}, {@code disable}, {@code enable} or {@code weight}. */
    Response server(String command) throws InterruptedException {
        return ask(() -> operators.server(command, services));
    }

    /** How far a drain is: {@code drained SERVICE SERVER}. */
    Response drained(String command) throws InterruptedException {
        return ask(() -> operators.drained(command, services));
    }

    /**
     * Waits until every part has answered, without a look at the kernel's table. Any thread.
     *
     * @throws IOException when one does not
     */
    void answer() throws IOException, InterruptedException {
        Await.answer("vrrp", vrrp.loopStatus());
        Await.answer("director", mailbox.call(services::names));
        Await.answer("check", services.checker().snapshot());
    }

    /**
     * What {@code status} shows, taken now. Any thread.
     *
     * @param tableAgeNsMax how old the look at the kernel's table may be; 0: a new one
     * @throws IOException when a part does not answer
     */
    StatusSnapshot status(long tableAgeNsMax) throws IOException, InterruptedException {
        return new StatusSnapshot(
                config, file, System.nanoTime(),
                Await.answer("vrrp", vrrp.status()),
                Await.answer("vrrp", vrrp.trackerStatus()),
                Await.answer("vrrp", vrrp.strayPackets()),
                Await.answer("vrrp", vrrp.loopStatus()),
                hooks.status(),
                Await.answer("director", mailbox.call(services::view)),
                Await.answer("check", services.checker().snapshot()),
                services.checker().startLags(),
                reconciler == null ? Optional.empty() : reconciler.observed(tableAgeNsMax),
                reconciler == null ? SyncReport.NONE : reconciler.report());
    }

    /** A part can't go on: neither can the director. Any thread. */
    private void partFailed(String thread, Throwable cause) {
        failed(thread, cause);
        requestStop("the " + thread + " thread failed: " + cause);
    }

    private void failed(String thread, Throwable cause) {
        failed = true;
        onFailure.accept("the " + thread + " thread failed", cause);
    }

    /** VRRP first, so that the peer takes over while the table here still serves; the table last. */
    private void stop() {
        hookReports.stopping();
        lvs.ending();
        part("vrrp", vrrp == null ? null : vrrp::stop);
        part("hooks", hooks::close);
        part("checks", services.checker() == null ? null : services.checker()::close);
        boolean remove = !failed && config.global().onStop() == GlobalConfig.OnStop.REMOVE;
        if (reconciler != null) {
            part("lvs", remove ? null : () -> Await.sync(lvs.stop()));
            part("ipvs-sync", () -> reconciler.close(remove ? OnStop.REMOVE : OnStop.KEEP));
        }
        part("nft", () -> marks.close(remove));
        http.ifPresent(server -> part("http", server::close));
        part("control", control == null ? null : control::close);
        log.emit(failed ? Level.ERROR : Level.INFO, EventId.DAEMON_STOP, "Stopped vipd: " + stopReason,
                "why", stopReason, "clean", !failed);
    }

    private interface Stop {
        void run() throws Exception;
    }

    /** Whatever happens to one part, the others are stopped too. */
    private void part(String name, Stop stop) {
        try {
            if (stop != null) {
                stop.run();
            }
        } catch (IOException e) {
            // the control socket's file stays behind: the next start replaces it
        } catch (Exception | Error e) {
            failed(name, e);
        }
    }

    private void noteLoaded(String sha) {
        log.emit(Level.INFO, EventId.CONFIG_LOADED, "configuration " + file + " read",
                "file", file, "sha", sha, "instances", config.instances().size(),
                "services", config.services().size());
    }
}
