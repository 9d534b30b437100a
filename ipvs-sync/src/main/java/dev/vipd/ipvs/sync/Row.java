package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.Drift;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.ServiceKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A row of the table: a service, or one of its destinations. */
record Row(ServiceKey service, Optional<Endpoint> destination) {
    static Row of(IpvsOp op) {
        return new Row(op.key(), switch (op) {
            case IpvsOp.AddService _ -> Optional.empty();
            case IpvsOp.EditService _ -> Optional.empty();
            case IpvsOp.DeleteService _ -> Optional.empty();
            case IpvsOp.AddDestination add -> Optional.of(add.destination().at());
            case IpvsOp.EditDestination edit -> Optional.of(edit.destination().at());
            case IpvsOp.DeleteDestination delete -> Optional.of(delete.at());
        });
    }

    static Row of(Drift drift) {
        return new Row(drift.service(), drift.destination());
    }

    static Set<Row> of(List<IpvsOp> ops) {
        return ops.stream().map(Row::of).collect(Collectors.toSet());
    }

    /** Whether it is among {@code rows}, or its service is: one that is gone is gone with all its destinations. */
    boolean isOf(Set<Row> rows) {
        return rows.contains(this) || rows.contains(new Row(service, Optional.empty()));
    }
}
