package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.Link;
import dev.vipd.vrrp.ScriptResult;
import dev.vipd.vrrp.ScriptTracker;
import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.TrackScriptConfig;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerState;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Runs the track scripts, watches the tracked interfaces, and knows what each says now. On the loop's thread only. */
final class Trackers implements AutoCloseable {
    private record Script(ScriptRunner runner, ScriptTracker tracker) {}

    private final VrrpListener listener;
    private final Consumer<Runnable> loop;
    private final BiConsumer<TrackerId, TrackerState> onChange;
    private final Map<String, Script> scripts = new HashMap<>();
    private final Map<String, String> trouble = new HashMap<>();
    private final Map<TrackerId, TrackerStatus> known = new LinkedHashMap<>();

    /**
     * @param loop     runs a task on the loop's thread
     * @param onChange told when a tracker goes up or down
     */
    Trackers(VrrpListener listener, Consumer<Runnable> loop, BiConsumer<TrackerId, TrackerState> onChange) {
        this.listener = listener;
        this.loop = loop;
        this.onChange = onChange;
    }

    /** Makes these the scripts. One that only changed keeps its state, and runs anew by its new command and times. */
    void configure(List<TrackScriptConfig> configs) {
        for (Iterator<Map.Entry<String, Script>> i = scripts.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<String, Script> script = i.next();
            if (configs.stream().noneMatch(config -> config.name().equals(script.getKey()))) {
                script.getValue().runner().close();
                known.remove(TrackerId.script(script.getKey()));
                trouble.remove(script.getKey());
                i.remove();
            }
        }
        for (TrackScriptConfig config : configs) {
            Script old = scripts.get(config.name());
            if (old != null && old.runner().config().equals(config)) {
                continue;
            }
            ScriptTracker tracker = old == null ? new ScriptTracker(config) : old.tracker();
            tracker.reconfigure(config);
            if (old == null) {
                note(TrackerId.script(config.name()), tracker.state(), tracker.why());
            } else {
                old.runner().close();
            }
            scripts.put(config.name(), new Script(new ScriptRunner(config, result -> given(config, result)), tracker));
        }
    }

    /** Looks at the interfaces that these instances follow. */
    void update(Interfaces interfaces, List<VirtualRouterConfig> configs) {
        Set<String> names = new LinkedHashSet<>();
        for (VirtualRouterConfig config : configs) {
            names.add(config.interfaceName());
            config.tracking().tracks().stream()
                    .map(TrackRef::tracker)
                    .filter(id -> id.kind() == TrackerId.Kind.INTERFACE)
                    .forEach(id -> names.add(id.name()));
        }
        known.keySet().removeIf(id -> id.kind() == TrackerId.Kind.INTERFACE && !names.contains(id.name()));
        for (String name : names) {
            Optional<Link> link = interfaces.link(name);
            TrackerState state = link.filter(Link::usable).isPresent() ? TrackerState.UP : TrackerState.DOWN;
            TrackerId id = TrackerId.networkInterface(name);
            String why = link.map(Link::condition).orElse("does not exist");
            TrackerStatus before = known.get(id);
            if (before != null && before.state() == state) {
                known.put(id, new TrackerStatus(id, state, before.sinceNs(), why)); // first down, then gone, say
            } else {
                note(id, state, why);
                if (before != null) {
                    changed(id);
                } else if (state == TrackerState.DOWN) {
                    tell(id);
                }
            }
        }
    }

    Map<TrackerId, TrackerState> states() {
        Map<TrackerId, TrackerState> states = new HashMap<>();
        known.forEach((id, status) -> states.put(id, status.state()));
        return states;
    }

    List<TrackerStatus> status() {
        return List.copyOf(known.values());
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
            script.tracker().on(result).ifPresent(transition -> {
                note(transition.tracker(), transition.to(), transition.why());
                changed(transition.tracker());
            });
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
            listener.scriptTrouble(name, now);
        }
    }

    private void note(TrackerId id, TrackerState state, String why) {
        known.put(id, new TrackerStatus(id, state, System.nanoTime(), why));
    }

    private void changed(TrackerId id) {
        tell(id);
        onChange.accept(id, known.get(id).state());
    }

    private void tell(TrackerId id) {
        TrackerStatus status = known.get(id);
        listener.tracker(id.kind().wireName(), id.name(), status.state() == TrackerState.UP, status.why());
    }
}
