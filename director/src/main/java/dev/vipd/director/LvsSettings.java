package dev.vipd.director;

import dev.vipd.director.config.LvsConfig;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.ipvs.IpvsSettings;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.SyncDaemon.Role;
import dev.vipd.ipvs.sync.Reconciler;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.VrrpState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * What of IPVS is to be set besides the table, by the configuration and by the states of instances: the sync daemon
 * follows one. The {@code vrrp} thread only leaves a state here and wakes a thread, {@code lvs}, without a lock.
 */
final class LvsSettings {
    private final Thread thread = Thread.ofPlatform().daemon().name("lvs").unstarted(this::follow);
    /** By the names of instances; written by the {@code vrrp} thread alone. */
    private volatile Map<String, VrrpState> states = Map.of();
    private volatile boolean news;

    // guarded by this, which the vrrp thread never locks
    private LvsConfig config = LvsConfig.NONE;
    private Reconciler reconciler;
    private IpvsSettings submitted = IpvsSettings.NONE;
    private volatile boolean ending;

    /** Whether the configuration wants anything of IPVS. */
    static boolean needsIpvs(VipdConfig config) {
        return !config.services().isEmpty() || config.lvs().flush()
                || !of(config.lvs(), Map.of()).equals(IpvsSettings.NONE);
    }

    /** @param states of instances by their names; one that is not there is no master */
    static IpvsSettings of(LvsConfig config, Map<String, VrrpState> states) {
        Optional<List<SyncDaemon>> daemons = config.syncDaemon().map(sync -> sync.instance()
                .map(name -> List.of(sync.daemon().as(role(states.get(name)))))
                .orElse(List.of(sync.daemon().as(Role.MASTER), sync.daemon().as(Role.BACKUP))));
        return new IpvsSettings(config.timeouts(), daemons, config.sysctls());
    }

    private static Role role(VrrpState state) {
        return state == VrrpState.MASTER ? Role.MASTER : Role.BACKUP;
    }

    /** Hands the settings over to be kept. */
    synchronized void keepBy(Reconciler newReconciler) {
        reconciler = newReconciler;
        thread.start();
    }

    /**
     * Takes a configuration.
     *
     * @return completed when it has been seen to
     */
    synchronized CompletableFuture<Void> use(LvsConfig wanted, String why) {
        config = wanted;
        return submit(states, why);
    }

    /** Takes a state. On the {@code vrrp} thread: neither waits nor locks. */
    void report(VirtualRouterConfig instance, VrrpReport report) {
        if (!ending && report instanceof VrrpReport.StateChanged changed) {
            Map<String, VrrpState> next = new HashMap<>(states);
            if (changed.to() == VrrpState.INIT) {
                next.remove(instance.name());
            } else {
                next.put(instance.name(), changed.to());
            }
            states = Map.copyOf(next);
            news = true;
            LockSupport.unpark(thread);
        }
    }

    /** The instances are about to end: a role changes once by that, with all the rest, not as each of them leaves. */
    void ending() {
        ending = true;
    }

    /**
     * The instances have ended, and the table is kept: the sync daemon that follows one goes on as a backup, so that
     * the connections of meanwhile are known here when it is a master again.
     */
    synchronized CompletableFuture<Void> stop() {
        // a start that failed before it took its configuration must not put back what an earlier process has set
        return config.equals(LvsConfig.NONE) ? CompletableFuture.completedFuture(null) : submit(Map.of(), "stop");
    }

    private void follow() {
        while (true) {
            LockSupport.park(this);
            if (news) {
                news = false;
                followNow();
            }
        }
    }

    private synchronized void followNow() {
        if (!of(config, states).equals(submitted)) {
            submit(states, "vrrp");
        }
    }

    private CompletableFuture<Void> submit(Map<String, VrrpState> now, String why) {
        submitted = of(config, now);
        return reconciler == null ? CompletableFuture.completedFuture(null) : reconciler.settings(submitted, why);
    }
}
