package dev.vipd.director;

import dev.vipd.director.config.ConfigLoader;
import dev.vipd.director.config.ConfigResult;
import dev.vipd.director.config.Finding;
import dev.vipd.director.config.GlobalConfig;
import dev.vipd.director.config.ServiceConfig;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.director.control.ControlClient.Response;
import dev.vipd.director.control.ControlServer;
import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.director.events.Level;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.probe.HealthChecker;
import dev.vipd.healthcheck.probe.ServerChecks;
import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.ServiceSummary;
import dev.vipd.ipvs.VirtualServer;
import dev.vipd.ipvs.kernel.IpvsClient;
import dev.vipd.ipvs.kernel.IpvsKernel;
import dev.vipd.ipvs.sync.OnStop;
import dev.vipd.ipvs.sync.Reconciler;
import dev.vipd.vrrp.io.VrrpLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The daemon: owns the configuration and the health board, and joins the three parts. Everything that changes either of
 * the two runs on one thread, the one that called {@link #run()}, off a mailbox.
 */
public final class Director {
    private static final int MAILBOX_MAX = 100_000; // one transition each of very many servers; senders wait for room
    private static final long ANSWER_SECONDS_MAX = 10;

    private final Path file;
    private final boolean dryRun;
    private final EventLog log;
    private final HealthBoard board = new HealthBoard();
    private final LinkedBlockingQueue<Task> mailbox = new LinkedBlockingQueue<>(MAILBOX_MAX);
    private volatile VipdConfig config;
    private volatile DesiredTable desired = DesiredTable.EMPTY;
    private ControlServer control;
    private VrrpLoop vrrp;
    private HealthChecker checks;
    private volatile Reconciler reconciler;
    private String stopReason = "";
    private boolean failed;

    private interface Task {
        void run() throws InterruptedException;
    }

    /** @param config what {@code file} held */
    public Director(Path file, VipdConfig config, boolean dryRun, EventLog log) {
        this.file = file;
        this.config = config;
        this.dryRun = dryRun;
        this.log = log;
    }

    /**
     * Starts, runs until told to stop, and stops in an orderly way.
     *
     * @return whether it ended as it was told to, not by a failure of its own
     * @throws IOException when it can't start, with a message that says what to do; nothing was changed then
     */
    public boolean run() throws IOException, InterruptedException {
        log.emit(Level.INFO, EventId.DAEMON_START, "Starting vipd " + Version.text() + (dryRun ? " (dry run)" : ""),
                "log", 1, "ver", Version.text(), "pid", ProcessHandle.current().pid(), "config", file);
        noteLoaded();
        try {
            start();
        } catch (IOException e) {
            stopReason = e.getMessage();
            failed = true;
            stop();
            throw e;
        }
        log.emit(Level.INFO, EventId.DAEMON_READY, "Startup complete",
                "instances", config.instances().size(), "services", config.services().size());
        while (stopReason.isEmpty()) {
            mailbox.take().run();
        }
        stop();
        return !failed;
    }

    private void start() throws IOException {
        if (!dryRun) {
            Capabilities.require(!config.instances().isEmpty());
        }
        control = new ControlServer(Path.of(config.global().controlSocket()));
        Optional<IpvsKernel> kernel = config.services().isEmpty() ? Optional.empty() : Optional.of(openIpvs());
        vrrp = VrrpLoop.open(
                config.instances(), config.scripts(), new VrrpEvents(log, this::vrrpFailed), dryRun);
        kernel.ifPresent(this::startReconciler);
        board.configure(config.services());
        checks = HealthChecker.start(serverChecks(config), new HealthEvents(log, this::healthChanged));
        noteCheckStates();
        submitDesired("start");
        vrrp.begin(); // last: no VIP before there is a table behind it
        Signals.on("TERM", name -> post(() -> stopReason = name));
        Signals.on("INT", name -> post(() -> stopReason = name));
        Signals.on("HUP", name -> post(() -> reload(name)));
        control.serve(new Commands(this, log)::handle);
    }

    /** The kernel's table, after a look whether it is there: a director without it would draw traffic and drop it. */
    private IpvsKernel openIpvs() throws IOException {
        IpvsClient client = IpvsClient.open();
        try {
            client.dump();
        } catch (IOException e) {
            client.close();
            if (dryRun) {
                log.emit(Level.WARN, EventId.IPVS_UNAVAILABLE, "IPVS can't be reached: " + e.getMessage(),
                        "why", e.getMessage());
                return new DryRunIpvs(Optional.empty());
            }
            throw e;
        }
        return dryRun ? new DryRunIpvs(Optional.of(client)) : client;
    }

    private void startReconciler(IpvsKernel kernel) {
        reconciler = Reconciler.start(kernel, new IpvsEvents(log, dryRun), config.global().resyncIntervalNs());
    }

    /** Reads the file again and changes over to it, or says why not: then nothing has changed. */
    Response reload(String user) throws InterruptedException {
        ConfigResult result = ConfigLoader.load(file);
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
        try {
            Optional<IpvsKernel> kernel =
                    reconciler == null && !wanted.services().isEmpty() ? Optional.of(openIpvs()) : Optional.empty();
            try {
                vrrp.reconfigure(wanted.instances(), wanted.scripts()).get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                kernel.ifPresent(IpvsKernel::close);
                throw e;
            }
            kernel.ifPresent(this::startReconciler);
        } catch (IOException e) {
            return refuse(List.of(file + ": " + e.getMessage()));
        } catch (ExecutionException e) {
            return refuse(List.of(file + ": " + e.getCause().getMessage()));
        } catch (TimeoutException e) {
            return refuse(List.of("the vrrp thread does not answer"));
        }
        Changes changes = Changes.between(config, wanted);
        config = wanted;
        noteLoaded();
        board.configure(wanted.services());
        checks.reconfigure(serverChecks(wanted)).join();
        noteCheckStates();
        submitDesired("config");
        log.emit(Level.INFO, EventId.CONFIG_APPLIED, "configuration reloaded (" + user + "): " + changes,
                "added", changes.added(), "removed", changes.removed(), "changed", changes.changed());
        reasons.add("reloaded: " + changes);
        return new Response(true, String.join("\n", reasons) + "\n");
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
                : "";
    }

    /** Runs a command of a client on the director's thread. */
    Response ask(Command command) throws InterruptedException {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        post(() -> answer.complete(command.run()));
        try {
            return answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return new Response(false, "vipd is busy and did not answer within " + ANSWER_SECONDS_MAX + " s\n");
        }
    }

    /** What a client asked for. */
    interface Command {
        Response run() throws InterruptedException;
    }

    /** What {@code status} shows, taken now. Any thread. */
    StatusSnapshot status() throws InterruptedException {
        try {
            return new StatusSnapshot(
                    config,
                    file,
                    System.nanoTime(),
                    vrrp.status().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS),
                    vrrp.trackerStatus().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS),
                    checks.snapshot(),
                    desired,
                    reconciler == null ? Optional.empty() : reconciler.observeNow());
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the vrrp thread does not answer", e);
        }
    }

    private void healthChanged(String checkId, HealthState state) {
        post(() -> {
            if (board.set(checkId, state).isPresent()) {
                submitDesired("check");
            }
        });
    }

    private void noteCheckStates() {
        checks.snapshot().forEach(server -> board.set(server.id(), server.state()));
    }

    private void submitDesired(String why) {
        List<VirtualServer> servers = config.services().stream().map(ServiceConfig::server).toList();
        DesiredTable before = desired;
        desired = DesiredTable.of(servers, board::healthy);
        if (reconciler != null) {
            reconciler.submit(desired, why);
        }
        for (ServiceSummary now : desired.services()) {
            before.services().stream()
                    .filter(old -> old.name().equals(now.name()))
                    .findFirst()
                    .ifPresentOrElse(old -> noteService(old.quorumMet(), old.sorryActive(), now), () -> noteService(
                            true, false, now));
        }
    }

    private void noteService(boolean wasUp, boolean wasSorry, ServiceSummary now) {
        if (wasUp != now.quorumMet()) {
            log.emit(now.quorumMet() ? Level.INFO : Level.WARN, EventId.SERVICE_QUORUM,
                    (now.quorumMet() ? "Gained quorum " : "Lost quorum ") + now.liveWeight() + " of " + now.quorum()
                            + " for VS " + now.key(),
                    "vs", now.name(), "state", now.quorumMet() ? "up" : "down", "live", now.liveWeight(),
                    "need", now.quorum());
        }
        if (wasSorry != now.sorryActive()) {
            RealServer sorry = config.services().stream()
                    .map(ServiceConfig::server)
                    .filter(server -> server.name().equals(now.name()))
                    .flatMap(server -> server.sorryServer().stream())
                    .findFirst()
                    .orElse(null);
            String address = sorry == null ? "-" : dev.vipd.ipvs.Endpoints.format(sorry.address(), sorry.port());
            log.emit(now.sorryActive() ? Level.WARN : Level.INFO, EventId.SERVICE_SORRY,
                    (now.sorryActive() ? "Adding" : "Removing") + " sorry server " + address + " for VS " + now.key(),
                    "vs", now.name(), "rs", address, "active", now.sorryActive());
        }
    }

    private void vrrpFailed(Throwable cause) {
        post(() -> {
            failed = true;
            stopReason = "the vrrp thread failed: " + cause;
        });
    }

    /** VRRP first, so that the peer takes over while the table here still serves; the table last. */
    private void stop() throws InterruptedException {
        if (vrrp != null) {
            vrrp.stop();
        }
        if (checks != null) {
            checks.close();
        }
        if (reconciler != null) {
            boolean remove = !failed && config.global().onStop() == GlobalConfig.OnStop.REMOVE;
            reconciler.close(remove ? OnStop.REMOVE : OnStop.KEEP);
        }
        if (control != null) {
            try {
                control.close();
            } catch (IOException e) {
                // the socket file stays behind: the next start replaces it
            }
        }
        log.emit(failed ? Level.ERROR : Level.INFO, EventId.DAEMON_STOP, "Stopped vipd: " + stopReason,
                "why", stopReason, "clean", !failed);
    }

    private void noteLoaded() {
        log.emit(Level.INFO, EventId.CONFIG_LOADED, "configuration " + file + " read",
                "file", file, "sha", Version.sha256(file), "instances", config.instances().size(),
                "services", config.services().size());
    }

    private void post(Task task) {
        try {
            mailbox.put(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<ServerChecks> serverChecks(VipdConfig config) {
        List<ServerChecks> all = new ArrayList<>();
        for (ServiceConfig service : config.services()) {
            service.checks().forEach((server, list) ->
                    all.add(new ServerChecks(HealthBoard.checkId(service.server().name(), server), list)));
        }
        return all;
    }
}
