package dev.vipd.director.verify;

import dev.vipd.director.events.EventId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A real server's verdict changed, and when the kernel's table followed.
 *
 * @param followed the {@code ipvs.op} that carried it out; empty when none did before the next change
 */
record ServerChange(String node, LogEntry.Vipd state, Optional<LogEntry.Vipd> followed) {
    /** From the verdict to the kernel's acknowledgement. */
    Optional<Long> latencyNs() {
        return followed.map(op -> op.event().monoNs() - state.event().monoNs());
    }

    /** In the order of the log. From its end to its begin, so that each line is looked at once. */
    static List<ServerChange> of(ProcessRun run) {
        List<ServerChange> changes = new ArrayList<>();
        Map<Server, Next> next = new HashMap<>();
        for (LogEntry.Vipd entry : run.entries().reversed()) {
            if (entry.event().is(EventId.IPVS_OP)) {
                Next ops = next.computeIfAbsent(Server.of(entry), _ -> new Next());
                switch (entry.event().value("op")) {
                    case "add_dest" -> ops.up = Optional.of(entry);
                    case "del_dest" -> ops.down = Optional.of(entry);
                    case "edit_dest" -> ops.up = ops.down = Optional.of(entry);
                    default -> {}
                }
            } else if (entry.event().is(EventId.CHECK_STATE)) {
                Next ops = Optional.ofNullable(next.remove(Server.of(entry))).orElseGet(Next::new);
                boolean down = entry.event().value("to").equals("DOWN");
                changes.add(new ServerChange(run.node(), entry, down ? ops.down : ops.up));
            }
        }
        return changes.reversed();
    }

    private record Server(String service, String address) {
        static Server of(LogEntry.Vipd entry) {
            return new Server(entry.event().value("vs"), entry.event().value("rs"));
        }
    }

    /** The next operations on a server that can be what its going up or down led to. */
    private static final class Next {
        private Optional<LogEntry.Vipd> up = Optional.empty();
        private Optional<LogEntry.Vipd> down = Optional.empty();
    }
}
