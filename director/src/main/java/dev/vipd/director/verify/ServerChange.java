package dev.vipd.director.verify;

import dev.vipd.director.events.EventId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A real server's verdict changed, and when the kernel's table followed.
 *
 * @param followed the {@code ipvs.op} that carried it out; empty when none did before the next change
 */
record ServerChange(String node, LogEntry.Vipd state, Optional<LogEntry.Vipd> followed) {
    private static final Set<String> DOWN_OPS = Set.of("del_dest", "edit_dest");
    private static final Set<String> UP_OPS = Set.of("add_dest", "edit_dest");

    /** From the verdict to the kernel's acknowledgement. */
    Optional<Long> latencyNs() {
        return followed.map(op -> op.event().monoNs() - state.event().monoNs());
    }

    static List<ServerChange> of(ProcessRun run) {
        List<ServerChange> changes = new ArrayList<>();
        for (int i = 0; i < run.entries().size(); i++) {
            if (run.entries().get(i).event().is(EventId.CHECK_STATE)) {
                changes.add(new ServerChange(run.node(), run.entries().get(i), followed(run, i)));
            }
        }
        return changes;
    }

    private static Optional<LogEntry.Vipd> followed(ProcessRun run, int at) {
        LogEntry.Vipd state = run.entries().get(at);
        Set<String> ops = state.event().value("to").equals("DOWN") ? DOWN_OPS : UP_OPS;
        for (LogEntry.Vipd entry : run.entries().subList(at + 1, run.entries().size())) {
            boolean same = entry.event().value("vs").equals(state.event().value("vs"))
                    && entry.event().value("rs").equals(state.event().value("rs"));
            if (same && entry.event().is(EventId.CHECK_STATE)) {
                return Optional.empty();
            }
            if (same && entry.event().is(EventId.IPVS_OP) && ops.contains(entry.event().value("op"))) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }
}
