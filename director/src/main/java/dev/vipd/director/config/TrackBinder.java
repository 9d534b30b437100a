package dev.vipd.director.config;

import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackingConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code track_script} and {@code track_interface}: lists of names, or of {@code { name: eth1, weight: -20 }}. */
final class TrackBinder {
    static final int WEIGHT_MAX = 253;

    private final Map<String, Integer> scriptWeights;
    private final Set<String> usedScripts = new HashSet<>();

    /** @param scriptWeights all scripts that stand in the file, with the weight that is used where none is given */
    TrackBinder(Map<String, Integer> scriptWeights) {
        this.scriptWeights = scriptWeights;
    }

    Set<String> usedScripts() {
        return usedScripts;
    }

    /** Everything that an instance follows. */
    TrackingConfig bind(Block b, Optional<String> device, boolean owner) {
        List<TrackRef> followed = new ArrayList<>(scripts(b, owner));
        followed.addAll(interfaces(b, device, owner));
        return new TrackingConfig(followed, !b.bool("dont_track_primary").orElse(false));
    }

    /** @param owner whether the instance is the address owner, whose priority no weight changes */
    private List<TrackRef> scripts(Block b, boolean owner) {
        Map<String, TrackRef> refs = new LinkedHashMap<>();
        for (Item item : items(b, "track_script", "the name of one of vrrp_scripts", owner)) {
            Optional<String> name = item.name().flatMap(v -> v.text("the name of one of vrrp_scripts"));
            if (name.isPresent() && !scriptWeights.containsKey(name.get())) {
                item.name().get().error(Spelling.quote(name.get()) + " is not one of vrrp_scripts"
                        + Spelling.nearest(name.get(), scriptWeights.keySet())
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(scriptWeights.isEmpty()
                                        ? "; define it there"
                                        : ", which has " + String.join(", ", scriptWeights.keySet())));
            } else if (name.isPresent()) {
                usedScripts.add(name.get());
                add(refs, item, TrackerId.script(name.get()), item.weight().orElse(scriptWeights.get(name.get())));
            }
        }
        return List.copyOf(refs.values());
    }

    private List<TrackRef> interfaces(Block b, Optional<String> device, boolean owner) {
        Map<String, TrackRef> refs = new LinkedHashMap<>();
        for (Item item : items(b, "track_interface", "the name of an interface", owner)) {
            item.name().flatMap(InstanceBinder::interfaceName).ifPresent(name -> {
                if (device.filter(name::equals).isPresent()) {
                    item.at().warning(name + " is the instance's own interface, which is tracked anyway and takes it to"
                            + " FAULT; remove it here");
                }
                add(refs, item, TrackerId.networkInterface(name), item.weight().orElse(0));
            });
        }
        return List.copyOf(refs.values());
    }

    private static void add(Map<String, TrackRef> refs, Item item, TrackerId tracker, int weight) {
        if (refs.putIfAbsent(tracker.name(), new TrackRef(tracker, weight)) != null) {
            item.at().error(tracker.name() + " is listed twice; keep one of them");
        }
    }

    private record Item(Value at, Optional<Value> name, Optional<Integer> weight) {}

    private static List<Item> items(Block b, String key, String what, boolean owner) {
        List<Item> items = new ArrayList<>();
        String example = "{ name: " + (key.equals("track_script") ? "chk" : "eth1") + ", weight: -20 }";
        for (Value value : b.list(key, "a list of names, or of blocks such as " + example)) {
            if (value.isScalar()) {
                items.add(new Item(value, Optional.of(value), Optional.empty()));
                continue;
            }
            value.block(example).ifPresent(item -> {
                Optional<Value> name = item.required("name", what);
                Optional<Integer> weight = item.integer("weight", -WEIGHT_MAX, WEIGHT_MAX);
                item.finish();
                items.add(new Item(value, name, weight));
                if (owner && weight.orElse(0) != 0) {
                    item.value("weight").ifPresent(v -> v.warning("has no effect: no weight changes the priority of the"
                            + " address owner (255)"));
                }
            });
        }
        return items;
    }
}
