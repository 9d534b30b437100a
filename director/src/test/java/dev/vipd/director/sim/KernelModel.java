package dev.vipd.director.sim;

import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.ServiceKey;
import java.util.List;
import java.util.Optional;

/** The kernel's table, which refuses what the kernel would refuse. */
final class KernelModel {
    private IpvsTable table = IpvsTable.EMPTY;

    IpvsTable table() {
        return table;
    }

    void apply(IpvsOp op) {
        Optional<IpvsTable.Entry> entry = table.entry(op.key());
        boolean taken = switch (op) {
            case IpvsOp.AddService _ -> entry.isEmpty();
            case IpvsOp.EditService _ -> entry.isPresent();
            case IpvsOp.DeleteService _ -> entry.isPresent();
            case IpvsOp.AddDestination add -> entry.isPresent() && row(op.key(), add.destination().at()).isEmpty();
            case IpvsOp.EditDestination edit -> row(op.key(), edit.destination().at()).isPresent();
            case IpvsOp.DeleteDestination delete -> row(op.key(), delete.at()).isPresent();
        };
        Broken.unless(taken, "the kernel takes every operation", op::toString);
        table = table.with(List.of(op));
    }

    Optional<Destination> row(ServiceKey service, Endpoint at) {
        return table.entry(service).map(entry -> entry.destinations().get(at));
    }

    /** Whether somebody takes new connections for a service. */
    boolean serves(ServiceKey service) {
        return serves(table, service);
    }

    static boolean serves(IpvsTable table, ServiceKey service) {
        return table.entry(service).map(IpvsTable.Entry::destinations).stream()
                .flatMap(rows -> rows.values().stream())
                .anyMatch(destination -> destination.weight() > 0);
    }
}
