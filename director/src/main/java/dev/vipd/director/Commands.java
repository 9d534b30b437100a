package dev.vipd.director;

import dev.vipd.director.control.ControlClient.Response;
import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.director.events.Level;
import dev.vipd.director.json.Json;
import dev.vipd.director.table.KernelLook;
import dev.vipd.director.table.TableForm;
import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.JudgedTable;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** What clients of the control socket may ask for. */
final class Commands {
    private static final Set<String> SERVER_COMMANDS = Set.of("drain", "disable", "enable", "weight");

    private final Director director;
    private final EventLog log;

    Commands(Director director, EventLog log) {
        this.director = director;
        this.log = log;
    }

    Response handle(String command, String user) {
        try {
            return switch (command) {
                case "status" -> new Response(true, StatusText.of(director.status(0)));
                case "status json" -> new Response(true, Json.pretty(StatusJson.of(director.status(0))) + "\n");
                case String c when TableForm.of(c).isPresent() -> table(TableForm.of(c).get());
                case "reload" -> noted(command, user, director.reload(user));
                case String c when c.startsWith("maintenance ") -> noted(c, user, director.maintenance(c));
                case String c when c.startsWith("failover ") ->
                    noted(c, user, director.failover(c.substring("failover ".length())));
                case String c when c.startsWith("drained ") -> director.drained(c);
                case String c when SERVER_COMMANDS.contains(c.split(" ", 2)[0]) -> noted(c, user, director.server(c));
                default -> new Response(false, "unknown command: " + command + "\n");
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Response(false, "vipd is stopping\n");
        } catch (IOException | RuntimeException e) {
            return new Response(false, e.getMessage() + "\n");
        }
    }

    /** A daemon without virtual servers has never looked: it does so for this once. */
    private Response table(TableForm form) throws IOException, InterruptedException {
        StatusSnapshot status = director.status(0);
        if (status.observed().isPresent()) {
            return new Response(true, form.text(status.judged(), status.info()));
        }
        if (!status.config().services().isEmpty()) {
            return new Response(false, "the kernel's table can't be read; the log says why (ipvs.unavailable)\n");
        }
        KernelLook look = KernelLook.read();
        JudgedTable judged = JudgedTable.of(DesiredTable.EMPTY, look.observation(), Set.of());
        return new Response(true, form.text(judged, Optional.of(look.info())));
    }

    private Response noted(String command, String user, Response response) {
        log.emit(Level.INFO, EventId.CONTROL_COMMAND, command + " by " + user,
                "user", user, "command", command, "result", response.ok() ? "ok" : "refused");
        return response;
    }
}
