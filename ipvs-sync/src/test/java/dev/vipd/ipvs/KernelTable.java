package dev.vipd.ipvs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kernel's table as net/netfilter/ipvs/ip_vs_ctl.c keeps it: strict, with its error numbers. */
public final class KernelTable {
    public static final int OK = 0;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EEXIST = 17;

    private static final class Row {
        private Service service;
        private final Map<Endpoint, Destination> destinations = new LinkedHashMap<>();
    }

    private final Map<ServiceKey, Row> rows = new LinkedHashMap<>();

    public KernelTable(IpvsTable start) {
        for (IpvsTable.Entry entry : start.entries()) {
            Row row = new Row();
            row.service = entry.service();
            row.destinations.putAll(entry.destinations());
            rows.put(entry.service().key(), row);
        }
    }

    /** 0, or the error number of the refusal. */
    public int apply(IpvsOp op) {
        Row row = rows.get(op.key());
        if (op instanceof IpvsOp.AddService add) {
            if (row != null) {
                return EEXIST;
            }
            Row created = new Row();
            created.service = add.service();
            rows.put(add.key(), created);
            return OK;
        }
        return row == null ? ESRCH : applyTo(row, op);
    }

    private int applyTo(Row row, IpvsOp op) {
        return switch (op) {
            case IpvsOp.AddService add -> throw new AssertionError("handled before: " + add);
            case IpvsOp.EditService edit -> {
                row.service = edit.service();
                yield OK;
            }
            case IpvsOp.DeleteService delete -> {
                rows.remove(delete.key());
                yield OK;
            }
            case IpvsOp.AddDestination add ->
                row.destinations.putIfAbsent(add.destination().at(), add.destination()) == null ? OK : EEXIST;
            case IpvsOp.EditDestination edit ->
                row.destinations.replace(edit.destination().at(), edit.destination()) == null ? ENOENT : OK;
            case IpvsOp.DeleteDestination delete -> row.destinations.remove(delete.at()) == null ? ENOENT : OK;
        };
    }

    public IpvsTable snapshot() {
        List<IpvsTable.Entry> entries = rows.values().stream()
                .map(row -> new IpvsTable.Entry(row.service, row.destinations))
                .toList();
        return new IpvsTable(entries);
    }
}
