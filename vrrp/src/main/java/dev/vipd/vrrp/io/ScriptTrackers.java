package dev.vipd.vrrp.io;

import dev.vipd.netlink.script.ScriptResult;
import dev.vipd.vrrp.ScriptTracker;
import dev.vipd.vrrp.TrackScriptConfig;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code vrrp_scripts}: runs them, and tells what they say. On the loop's thread only. */
final class ScriptTrackers implements AutoCloseable {
    private record Script(ScriptRunner runner, ScriptTracker tracker) {}

    private final TrackerBoard board;
    private final VrrpListener listener;
    private final Consumer<Runnable> loop;
    private final Map<String, Script> scripts = new HashMap<>();
    private final Map<String, String> trouble = new HashMap<>();

    ScriptTrackers(TrackerBoard board, VrrpListener listener, Consumer<Runnable> loop) {
        this.board = board;
        this.listener = listener;
        this.loop = loop;
    }

    /** Makes these the scripts. One that only changed keeps its state, and runs anew by its new command and times. */
    void configure(List<TrackScriptConfig> configs) {
        for (Iterator<Map.Entry<String, Script>> i = scripts.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<String, Script> script = i.next();
            if (configs.stream().noneMatch(config -> config.name().equals(script.getKey()))) {
                script.getValue().runner().close();
                trouble.remove(script.getKey());
                i.remove();
            }
        }
        board.retain(TrackerId.Kind.SCRIPT, scripts::containsKey);
        for (TrackScriptConfig config : configs) {
            Script old = scripts.get(config.name());
            if (old != null && old.runner().config().equals(config)) {
                continue;
            }
            ScriptTracker tracker = old == null ? new ScriptTracker(config) : old.tracker();
            tracker.reconfigure(config);
            if (old == null) {
                board.start(TrackerId.script(config.name()), TrackerReading.of(tracker.state()), tracker.why());
            } else {
                old.runner().close();
            }
            scripts.put(config.name(), new Script(new ScriptRunner(config, result -> given(config, result)), tracker));
        }
    }

    @Override
    public void close() {
        scripts.values().forEach(script -> script.runner().close());
    }

    /** On the runner's thread. */
    private void given(TrackScriptConfig config, ScriptResult result) {
        loop.accept(() -> {
            Script script = scripts.get(config.name());
            if (script == null || !script.runner().config().equals(config)) {
                return; // the last result of a runner that a reload replaced
            }
            noteTrouble(config.name(), result);
            script.tracker().on(result).ifPresent(change ->
                    board.is(change.tracker(), TrackerReading.of(change.to()), change.why()));
        });
    }

    private void noteTrouble(String name, ScriptResult result) {
        String now = switch (result) {
            case ScriptResult.Success() -> null;
            case ScriptResult.Failure(int status) -> null;
            case ScriptResult.TimedOut() -> "timed out and was terminated";
            case ScriptResult.NotStarted(String why) -> "could not be run: " + why;
        };
        String before = now == null ? trouble.remove(name) : trouble.put(name, now);
        if (now != null && !now.equals(before)) {
            listener.trackerTrouble(TrackerId.script(name), now);
        }
    }
}
