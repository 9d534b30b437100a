package dev.vipd.director.config;

import dev.vipd.director.config.CheckBinder.Maker;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.netlink.script.RunAs;
import java.util.List;
import java.util.Optional;

/** The checks that ask this host: {@code script}, {@code file}. */
final class LocalBinder {
    private final NotifyBinder users;

    LocalBinder(NotifyBinder users) {
        this.users = users;
    }

    Optional<Maker> script(Block b) {
        Optional<Value> at = b.required("command", ScriptBinder.EXPECTED);
        Optional<List<String>> command = at.flatMap(ScriptBinder::command);
        Optional<RunAs> user = users.user(b);
        boolean dynamic = b.bool("dynamic").orElse(false);
        warnConnect(b, "; its time is timeout");
        return command.map(words -> {
            users.runs(at.get(), words, user);
            ProbeConfig probe = new ProbeConfig.Script(words, user, dynamic);
            return (_, _) -> probe;
        });
    }

    Optional<Maker> file(Block b) {
        b.refuse(List.of("track_file"), "unknown key; keepalived's track_file is path here, the file itself");
        Optional<String> path = b.required("path", "an absolute path").flatMap(NotifyBinder::path);
        boolean dynamic = b.bool("dynamic").orElse(false);
        warnConnect(b, "");
        return path.map(known -> {
            ProbeConfig probe = new ProbeConfig.File(known, dynamic);
            return (_, _) -> probe;
        });
    }

    private static void warnConnect(Block b, String instead) {
        b.given("connect_timeout").ifPresent(v -> v.warning("has no effect, since nothing is connected to" + instead));
    }
}
