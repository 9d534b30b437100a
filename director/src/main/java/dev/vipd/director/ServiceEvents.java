package dev.vipd.director;

import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.director.events.Level;
import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.ServiceSummary;
import dev.vipd.ipvs.VirtualServer;
import dev.vipd.vrrp.io.ServiceState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What becomes of the services from one desired table to the next, as events. */
final class ServiceEvents {
    private final EventLog log;

    ServiceEvents(EventLog log) {
        this.log = log;
    }

    /** A service that is new is told as if it had been up with all its servers. */
    void note(DesiredTable before, DesiredTable now, List<VirtualServer> servers) {
        Map<String, ServiceSummary> old =
                before.services().stream().collect(Collectors.toMap(ServiceSummary::name, Function.identity()));
        Map<String, VirtualServer> configured =
                servers.stream().collect(Collectors.toMap(VirtualServer::name, Function.identity()));
        for (ServiceSummary service : now.services()) {
            ServiceSummary was = old.get(service.name());
            if ((was == null || was.quorumMet()) != service.quorumMet()) {
                quorum(service);
            }
            if ((was != null && was.sorryActive()) != service.sorryActive()) {
                sorry(service, configured.get(service.name()));
            }
        }
    }

    /** The services that are not as before, for the instances that follow them. */
    static List<ServiceState> changed(DesiredTable before, DesiredTable now) {
        Set<ServiceSummary> known = Set.copyOf(before.services());
        return now.services().stream()
                .filter(service -> !known.contains(service))
                .map(service -> new ServiceState(service.name(), service.quorumMet(),
                        "weight " + service.liveWeight() + " up, quorum " + service.quorum()))
                .toList();
    }

    private void quorum(ServiceSummary service) {
        boolean met = service.quorumMet();
        log.emit(met ? Level.INFO : Level.WARN, EventId.SERVICE_QUORUM,
                (met ? "Gained quorum " : "Lost quorum ") + service.liveWeight() + " of " + service.quorum()
                        + " for VS " + service.key(),
                "vs", service.name(), "state", met ? "up" : "down", "live", service.liveWeight(),
                "need", service.quorum());
    }

    private void sorry(ServiceSummary service, VirtualServer server) {
        boolean active = service.sorryActive();
        String address = server.sorryServer()
                .map(sorry -> Endpoints.format(sorry.address(), sorry.port()))
                .orElse("-"); // a reload took it away
        log.emit(active ? Level.WARN : Level.INFO, EventId.SERVICE_SORRY,
                (active ? "Adding" : "Removing") + " sorry server " + address + " for VS " + service.key(),
                "vs", service.name(), "rs", address, "active", active);
    }
}
