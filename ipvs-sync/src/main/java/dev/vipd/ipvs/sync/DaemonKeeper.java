package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.SyncDaemon.Role;
import dev.vipd.ipvs.kernel.IpvsKernel;
import dev.vipd.ipvs.kernel.IpvsUnavailableException;
import dev.vipd.ipvs.sync.IpvsMemory.Change;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.sys.Errno;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Has the sync daemons run that are wanted. Their settings can't be changed while they do. */
final class DaemonKeeper {
    private static final String OFF = "off";
    /** Looks in one comparison: the first, and again while others start and stop them under us. */
    private static final int ROUNDS_MAX = 3;

    private final IpvsKernel kernel;
    private final Ledger ledger;
    private final SettingNews news;
    /** What the kernel made of what we asked for, where that is something else: asking again would not help. */
    private final Map<SyncDaemon, SyncDaemon> corrected = new HashMap<>();

    DaemonKeeper(IpvsKernel kernel, Ledger ledger, SettingNews news) {
        this.kernel = kernel;
        this.ledger = ledger;
        this.news = news;
    }

    /** @param wanted empty: they are not ours; those that we have started go */
    void compare(Optional<List<SyncDaemon>> wanted, String why) throws IpvsUnavailableException {
        boolean none = wanted.isEmpty()
                && List.of(Role.values()).stream().noneMatch(role -> ledger.settings().containsKey(key(role)));
        for (int i = 1; !none && i <= ROUNDS_MAX; i++) {
            Role turn = Role.MASTER;
            try {
                List<SyncDaemon> running = kernel.daemons();
                for (Role role : Role.values()) { // all that end do so before one begins
                    turn = role;
                    stop(wanted, of(role, running), role, why);
                }
                for (Role role : Role.values()) {
                    turn = role;
                    start(wanted.flatMap(all -> of(role, all)), of(role, running), why);
                }
                corrected.keySet().retainAll(wanted.orElse(List.of()));
                return;
            } catch (NetlinkException e) {
                boolean moved = e.errno() == Errno.EEXIST || e.errno() == Errno.ESRCH;
                if (!moved || i == ROUNDS_MAX) {
                    Role role = turn;
                    Optional<SyncDaemon> want = wanted.flatMap(all -> of(role, all));
                    news.failed(key(role), want.map(SyncDaemon::describe).orElse(OFF), explain(want, e));
                    return;
                }
            }
        }
    }

    private static Optional<SyncDaemon> of(Role role, List<SyncDaemon> all) {
        return all.stream().filter(daemon -> daemon.role() == role).findFirst();
    }

    private void stop(Optional<List<SyncDaemon>> wanted, Optional<SyncDaemon> running, Role role, String why)
            throws NetlinkException, IpvsUnavailableException {
        String key = key(role);
        if (wanted.isPresent() && of(role, wanted.get()).isPresent()) {
            return;
        }
        boolean ends = running.isPresent() && (wanted.isPresent() || isOurs(running.get()));
        if (ends) {
            end(role);
            news.changed(key, running.get().describe(), OFF, why);
        } else {
            news.settled(key, OFF);
        }
        if (wanted.isEmpty()) {
            news.forget(key);
        }
        remember(key, Optional.empty());
    }

    private void start(Optional<SyncDaemon> wanted, Optional<SyncDaemon> running, String why)
            throws NetlinkException, IpvsUnavailableException {
        if (wanted.isEmpty()) {
            return;
        }
        SyncDaemon daemon = wanted.get();
        String key = key(daemon.role());
        if (running.isPresent() && (daemon.isMetBy(running.get()) || running.get().equals(corrected.get(daemon)))) {
            news.settled(key, daemon.describe());
            return;
        }
        remember(key, Optional.of(new Change(OFF, identity(daemon))));
        if (running.isPresent()) {
            end(daemon.role());
        }
        kernel.start(daemon);
        news.changed(key, running.map(SyncDaemon::describe).orElse(OFF), daemon.describe(), why);
        of(daemon.role(), kernel.daemons()).filter(now -> !daemon.isMetBy(now))
                .ifPresent(now -> corrected.put(daemon, now));
    }

    /** One that ends before it has begun to run is gone, too, and unanswered: kthread_stop() says EINTR then. */
    private void end(Role role) throws NetlinkException, IpvsUnavailableException {
        try {
            kernel.stop(role);
        } catch (NetlinkException e) {
            if (e.errno() != Errno.ETIMEDOUT || of(role, kernel.daemons()).isPresent()) {
                throw e;
            }
        }
    }

    /** The kernel gives no text with its errors (6.1), so this says what it meant. */
    private static String explain(Optional<SyncDaemon> daemon, NetlinkException e) {
        String name = daemon.map(SyncDaemon::interfaceName).orElse("");
        return switch (e.errno()) {
            case Errno.ENODEV -> "there is no interface " + name;
            case Errno.EADDRNOTAVAIL, Errno.ENETUNREACH -> "interface " + name + " has no address to send from, or is"
                    + " down";
            case Errno.EINVAL -> "the kernel refuses these values, or there is a tunnel to a server of the other"
                    + " family in its table: it can't tell another director of such connections";
            default -> e.getMessage();
        };
    }

    private boolean isOurs(SyncDaemon running) {
        Change change = ledger.settings().get(key(running.role()));
        return change != null && change.ours().equals(identity(running));
    }

    /** What the kernel tells of it is more than what we ask for; by these two it is known again. */
    private static String identity(SyncDaemon daemon) {
        return daemon.interfaceName() + " id " + daemon.id();
    }

    private void remember(String key, Optional<Change> change) {
        Map<String, Change> changes = new HashMap<>(ledger.settings());
        change.ifPresentOrElse(it -> changes.put(key, it), () -> changes.remove(key));
        ledger.settings(changes);
    }

    private static String key(Role role) {
        return "sync_daemon." + role.name().toLowerCase(Locale.ROOT);
    }
}
