package dev.vipd.director.config;

import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerId.Kind;
import dev.vipd.vrrp.TrackingConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code track_script}, {@code track_interface} and the like: lists of names, of keepalived's lines such as
 * {@code chk weight -20 reverse}, or of blocks. What they name has to be defined.
 */
final class TrackBinder {
    private static final WordBlock WORDS = new WordBlock("name", Set.of("weight"), Set.of("reverse"));

    private final Map<Kind, Map<String, Integer>> defined = new EnumMap<>(Kind.class);
    private final Set<TrackerId> used = new HashSet<>();

    /** Where the trackers of a kind are followed and defined. */
    private record Place(Kind kind, String key, String section, String example) {
        static final List<Place> ALL = List.of(
                new Place(Kind.SCRIPT, "track_script", "vrrp_scripts", "chk"),
                new Place(Kind.INTERFACE, "track_interface", "", "eth1"),
                new Place(Kind.PROCESS, "track_process", "vrrp_track_process", "haproxy"),
                new Place(Kind.FILE, "track_file", "track_file", "maintenance"),
                new Place(Kind.PING, "track_ping", "vrrp_track_ping", "gateway"),
                new Place(Kind.SERVICE, "track_service", "virtual_servers", "web"));

        String what() {
            return kind == Kind.INTERFACE ? "the name of an interface" : "the name of one of " + section;
        }
    }

    /** Largest weight: an interface's and a script's is less by one, as in keepalived. */
    static int weightMax(Kind kind) {
        return kind == Kind.PROCESS || kind == Kind.FILE ? 254 : 253;
    }

    /**
     * Makes trackers known.
     *
     * @param weights all that stand in the file, valid or not, with the weight that is used where none is given
     */
    void define(Kind kind, Map<String, Integer> weights) {
        defined.put(kind, weights);
    }

    /** Warns of what nobody follows. */
    void warnUnused(Kind kind, Map<String, Block> blocks) {
        Place place = Place.ALL.stream().filter(p -> p.kind() == kind).findFirst().orElseThrow();
        blocks.forEach((name, block) -> {
            if (!used.contains(new TrackerId(kind, name))) {
                block.warning("no " + place.key() + " names it, so it never runs");
            }
        });
    }

    /** Everything that an instance follows. */
    TrackingConfig bind(Block b, Optional<String> device, boolean owner) {
        boolean trackPrimary = !b.bool("dont_track_primary").orElse(false);
        List<TrackRef> refs = refs(b, owner);
        for (Value item : b.value("track_interface").map(Value::items).orElse(List.of())) {
            if (trackPrimary && device.isPresent() && item.isScalar() && item.firstWord().equals(device)) {
                item.warning(device.get() + " is the instance's own interface, which is tracked anyway and takes it to"
                        + " FAULT; remove it here");
            }
        }
        return new TrackingConfig(refs, trackPrimary);
    }

    /** @param owner whether it is the address owner, whose priority no weight changes */
    List<TrackRef> refs(Block b, boolean owner) {
        Map<TrackerId, TrackRef> refs = new LinkedHashMap<>();
        for (Place place : Place.ALL) {
            String example = "{ name: " + place.example() + ", weight: -20 }";
            for (Value item : b.list(place.key(), "a list of names, or of blocks such as " + example)) {
                WORDS.of(item, example).flatMap(block -> ref(place, block, owner)).ifPresent(ref -> {
                    if (refs.putIfAbsent(ref.tracker(), ref) != null) {
                        item.error(ref.tracker().name() + " is listed twice; keep one of them");
                    }
                });
            }
        }
        return List.copyOf(refs.values());
    }

    private Optional<TrackRef> ref(Place place, Block item, boolean owner) {
        Optional<String> name = item.required("name", place.what()).flatMap(v -> place.kind() == Kind.INTERFACE
                ? InstanceBinder.interfaceName(v)
                : known(place, v));
        int max = weightMax(place.kind());
        Optional<Integer> weight = item.integer("weight", -max, max);
        boolean reverse = item.bool("reverse").orElse(false);
        item.finish();
        if (owner && weight.orElse(0) != 0) {
            item.value("weight").ifPresent(v -> v.warning("has no effect: no weight changes the priority of the"
                    + " address owner (255)"));
        }
        return name.map(n -> {
            int byDefault = defined.getOrDefault(place.kind(), Map.of()).getOrDefault(n, 0);
            TrackerId tracker = new TrackerId(place.kind(), n);
            used.add(tracker);
            return new TrackRef(tracker, weight.orElse(byDefault), reverse);
        });
    }

    private Optional<String> known(Place place, Value value) {
        Collection<String> names = defined.getOrDefault(place.kind(), Map.of()).keySet();
        return value.text(place.what()).filter(name -> {
            boolean good = names.contains(name);
            if (!good) {
                value.error(Spelling.quote(name) + " is not one of " + place.section()
                        + Spelling.orNearest(name, names));
            }
            return good;
        });
    }

    /** {@code claim_requires}: names of trackers, with their kind before it where the name alone is not clear. */
    List<TrackerId> claimRequires(Block b) {
        List<TrackerId> trackers = new ArrayList<>();
        for (Value item : b.list("claim_requires", "a list of trackers, such as [ gateway ] or [ ping:gateway ]")) {
            item.text("the name of a tracker, such as gateway or ping:gateway")
                    .flatMap(text -> tracker(item, text))
                    .ifPresent(tracker -> {
                        if (trackers.contains(tracker)) {
                            item.error(tracker + " is listed twice; keep one of them");
                        }
                        trackers.add(tracker);
                        used.add(tracker);
                    });
        }
        return trackers;
    }

    private Optional<TrackerId> tracker(Value item, String text) {
        List<TrackerId> all = new ArrayList<>();
        defined.forEach((kind, names) -> names.keySet().forEach(name -> all.add(new TrackerId(kind, name))));
        if (text.startsWith("interface:")) {
            return Optional.of(TrackerId.networkInterface(text.substring("interface:".length())))
                    .filter(id -> InstanceBinder.isInterface(id.name()))
                    .or(() -> {
                        item.error(Spelling.quote(text) + " is not interface: and the name of an interface");
                        return Optional.empty();
                    });
        }
        List<TrackerId> meant = all.stream()
                .filter(id -> id.toString().equals(text) || id.name().equals(text))
                .toList();
        if (meant.size() > 1) {
            item.error(Spelling.quote(text) + " may be any of "
                    + String.join(", ", meant.stream().map(TrackerId::toString).toList()) + "; give one of these");
        } else if (meant.isEmpty()) {
            item.error(Spelling.quote(text) + " is none of the trackers"
                    + Spelling.orNearest(text, all.stream().map(TrackerId::toString).toList()));
        }
        return meant.size() == 1 ? Optional.of(meant.getFirst()) : Optional.empty();
    }
}
