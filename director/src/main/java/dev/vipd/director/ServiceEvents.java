package dev.vipd.director;

import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.director.events.Level;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.pool.MemberState;
import dev.vipd.healthcheck.pool.PoolChange;
import java.util.Optional;

/** What becomes of the services and their real servers, as events. */
final class ServiceEvents {
    private static final long NS_PER_MS = 1_000_000;

    private final EventLog log;

    ServiceEvents(EventLog log) {
        this.log = log;
    }

    void note(PoolChange change) {
        switch (change) {
            case PoolChange.HealthChanged health -> health(health);
            case PoolChange.MemberChanged member -> member(member);
            case PoolChange.QuorumChanged quorum -> quorum(quorum);
            case PoolChange.PanicChanged panic -> panic(panic);
            case PoolChange.SorryChanged sorry -> sorry(sorry);
        }
    }

    private void health(PoolChange.HealthChanged change) {
        boolean up = change.to() == HealthState.UP;
        log.emitAt(change.atNs(), up ? Level.INFO : Level.WARN, EventId.CHECK_STATE,
                "real server " + change.member() + " of " + change.pool() + " is " + change.to() + ": " + change.why(),
                "vs", change.pool(), "rs", change.member(), "from", change.from(), "to", change.to(),
                "why", change.why());
    }

    /** That one is up or down is told by its health, unless it was something else in between. */
    private void member(PoolChange.MemberChanged change) {
        if (plain(change.from()) && plain(change.to())) {
            return;
        }
        log.emit(plain(change.to()) ? Level.INFO : Level.WARN, EventId.SERVER_STATE,
                "real server " + change.member() + " of " + change.pool() + " is " + change.to() + ": " + change.why(),
                "vs", change.pool(), "rs", change.member(), "from", change.from(), "to", change.to(),
                "why", change.why());
    }

    /** @param notKept why a restart will not know of it */
    void drained(Drains.Ended end, Optional<String> notKept) {
        boolean quiet = end.left() == 0 && notKept.isEmpty();
        log.emit(quiet ? Level.INFO : Level.WARN, EventId.SERVER_DRAINED, DrainText.ended(end, notKept),
                "vs", end.server().service(), "rs", end.server().address(), "left", end.left(),
                "took_ms", end.tookNs() / NS_PER_MS, "why", end.why());
    }

    private static boolean plain(MemberState state) {
        return state == MemberState.UP || state == MemberState.DOWN;
    }

    private void quorum(PoolChange.QuorumChanged change) {
        log.emit(change.met() ? Level.INFO : Level.WARN, EventId.SERVICE_QUORUM,
                (change.met() ? "Gained quorum " : "Lost quorum ") + change.liveWeight() + " of " + change.quorum()
                        + " for VS " + change.pool(),
                "vs", change.pool(), "state", change.met() ? "up" : "down", "live", change.liveWeight(),
                "need", change.quorum());
    }

    private void panic(PoolChange.PanicChanged change) {
        log.emit(change.panic() ? Level.ERROR : Level.INFO, EventId.SERVICE_PANIC,
                change.panic()
                        ? "PANIC for VS " + change.pool() + ": " + change.down() + " of " + change.of()
                                + " real servers are down at once, so the checks are not believed and " + change.kept()
                                + " of them keep their traffic; look at the network between here and them"
                        : "panic is over for VS " + change.pool() + ": " + change.down() + " of " + change.of()
                                + " real servers are down",
                "vs", change.pool(), "active", change.panic(), "down", change.down(), "of", change.of(),
                "kept", change.kept());
    }

    private void sorry(PoolChange.SorryChanged change) {
        log.emit(change.active() ? Level.WARN : Level.INFO, EventId.SERVICE_SORRY,
                (change.active() ? "Adding" : "Removing") + " sorry server " + change.sorryServer() + " for VS "
                        + change.pool(),
                "vs", change.pool(), "rs", change.sorryServer(), "active", change.active());
    }
}
