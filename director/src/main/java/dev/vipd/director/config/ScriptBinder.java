package dev.vipd.director.config;

import dev.vipd.netlink.script.RunAs;
import dev.vipd.vrrp.TrackScriptConfig.Init;
import dev.vipd.vrrp.TrackScriptConfig;
import dev.vipd.vrrp.TrackerId.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code vrrp_scripts}. Defaults are keepalived's: interval 1 s, timeout as long as the interval, weight 0, rise 1,
 * fall 1, {@code init_fail} false.
 */
final class ScriptBinder {
    private static final long MIN_NS = 10 * Durations.MS;
    private static final long MAX_NS = 24 * Durations.HOUR;
    private static final int WEIGHT_MAX = TrackBinder.weightMax(Kind.SCRIPT);
    static final String EXPECTED = "a command such as \"/usr/bin/killall -0 haproxy\"";

    private final NotifyBinder users;
    private final Map<String, Integer> weights = new LinkedHashMap<>();
    private final Map<String, Block> blocks = new LinkedHashMap<>();

    ScriptBinder(NotifyBinder users) {
        this.users = users;
    }

    /** Every script that stands in the file, valid or not, with the weight that instances inherit. */
    Map<String, Integer> weights() {
        return weights;
    }

    Optional<TrackScriptConfig> bind(String name, Block b) {
        Optional<Value> at = b.required("script", EXPECTED);
        Optional<List<String>> command = at.flatMap(ScriptBinder::command);
        Optional<Long> interval = b.duration("interval", MIN_NS, MAX_NS);
        Optional<Long> timeout = b.duration("timeout", MIN_NS, MAX_NS);
        weights.put(name, b.integer("weight", -WEIGHT_MAX, WEIGHT_MAX).orElse(0));
        blocks.put(name, b);
        Optional<Integer> rise = b.integer("rise", 1, Integer.MAX_VALUE);
        Optional<Integer> fall = b.integer("fall", 1, Integer.MAX_VALUE);
        Optional<Boolean> initFail = b.bool("init_fail");
        Optional<RunAs> user = users.user(b);
        if (user.isEmpty() && !b.has("user") && command.filter(ScriptBinder::signals).isPresent()) {
            at.ifPresent(v -> v.warning("who may not signal a process of another user takes it for gone,"
                    + " and scripts run unprivileged; give the script user: root, or follow the process with"
                    + " vrrp_track_process"));
        }
        command.ifPresent(words -> users.runs(at.get(), words, user));
        b.finish();
        long intervalNs = interval.orElse(Durations.SECOND);
        return command.map(words -> new TrackScriptConfig(
                name,
                words,
                intervalNs,
                timeout.orElse(intervalNs),
                rise.orElse(1),
                fall.orElse(1),
                initFail.orElse(false) ? Init.DOWN : Init.WAIT,
                user));
    }

    Map<String, Block> blocks() {
        return blocks;
    }

    /** Whether it looks for a process by a signal, which the kernel allows among one user's processes only. */
    private static boolean signals(List<String> command) {
        String program = command.getFirst().substring(command.getFirst().lastIndexOf('/') + 1);
        return List.of("killall", "pkill", "kill").contains(program);
    }

    /** A line that is split as a shell splits it, or a list of words that is taken as it is. */
    static Optional<List<String>> command(Value value) {
        if (value.isList()) {
            List<String> words = new ArrayList<>();
            List<Value> items = value.list(EXPECTED);
            items.forEach(item -> item.text("a word of the command").ifPresent(words::add));
            if (items.isEmpty()) {
                value.error("is empty; give the program and its arguments");
            }
            return words.size() == items.size() && !words.isEmpty() ? checked(value, words) : Optional.empty();
        }
        Optional<String> line = value.text(EXPECTED);
        if (line.isEmpty()) {
            return Optional.empty();
        }
        ShellWords split = ShellWords.split(line.get());
        split.problem().ifPresent(problem -> value.error(problem + "; correct it, or give a list of words"));
        split.operator().ifPresent(operator -> value.warning("no shell runs it, so " + Spelling.quote(operator)
                + " is passed on as it is; quote it, or write: sh -c '...'"));
        if (split.problem().isEmpty() && split.words().isEmpty()) {
            value.error("is empty; give " + EXPECTED);
        }
        return split.words().isEmpty() ? Optional.empty() : checked(value, split.words());
    }

    private static Optional<List<String>> checked(Value value, List<String> words) {
        if (words.getFirst().isEmpty() || words.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            value.error("the program's name is empty, or a word holds a NUL; give " + EXPECTED);
            return Optional.empty();
        }
        return Optional.of(words);
    }
}
