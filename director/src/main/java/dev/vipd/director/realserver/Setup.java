package dev.vipd.director.realserver;

import static dev.vipd.director.realserver.RealServerOptions.text;
import static dev.vipd.director.realserver.RealServerOptions.v4;
import static dev.vipd.director.realserver.Step.words;

import dev.vipd.director.realserver.StateFile.Change;
import dev.vipd.ipvs.ForwardingMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Carries a plan out on this host, and takes it back. Not thread-safe. */
final class Setup {
    /** What the kernel says of something that was there and is not any more. */
    private static final Pattern GONE = Pattern.compile(
            "Cannot assign requested address|[Aa]ddress not found|Cannot find device|No such|does not exist");

    private final Host host;
    private final StateFile state;
    private final Consumer<String> told;

    /** What this run has done to the state, the last last: to take back when a step fails. */
    private record Done(Change change, SequencedSet<String> vips) {}

    Setup(Host host, StateFile state, Consumer<String> told) {
        this.host = host;
        this.state = state;
        this.told = told;
    }

    /**
     * Does what is not so already.
     *
     * @throws IOException when a step failed, with what to do; what was done before it is taken back
     */
    void apply(RealServerOptions options) throws IOException {
        refuseDevice(options);
        for (InetAddress vip : options.vips()) {
            refuseElsewhere(vip, Plan.device(options, vip));
        }
        List<Done> done = new ArrayList<>();
        try {
            for (Map.Entry<Step, SequencedSet<InetAddress>> planned : Plan.of(options).entrySet()) {
                List<String> vips = planned.getValue().stream().map(RealServerOptions::text).toList();
                switch (planned.getKey()) {
                    case Step.Setting setting -> set(setting, vips, done);
                    case Step.Run run -> run(run, vips, done);
                }
            }
        } catch (IOException e) {
            List<String> left = takeBack(done.reversed());
            throw new IOException(e.getMessage() + (left.isEmpty()
                    ? "; what was done before it is taken back"
                    : "; and this could not be taken back: " + String.join("; ", left)), e);
        }
    }

    /**
     * Takes back what apply has changed for these VIPs alone.
     *
     * @throws IOException when something of it could not be taken back
     */
    void undo(List<InetAddress> vips) throws IOException {
        List<String> names = vips.stream().map(RealServerOptions::text).toList();
        names.stream().filter(vip -> !state.knows(vip)).forEach(vip -> told.accept(
                vip + ": already so; " + state.file() + " knows of nothing that was applied for it since the boot"));
        List<String> left = takeBack(state.changes().reversed().stream()
                .map(change -> new Done(change, new LinkedHashSet<>(names))).toList());
        if (!left.isEmpty()) {
            throw new IOException(String.join("; ", left));
        }
    }

    /** What is not made here must not be deleted here. */
    private void refuseDevice(RealServerOptions options) throws IOException {
        String device = options.device();
        if (options.kind() != ForwardingMethod.DR || device.equals("lo")) {
            return;
        }
        Host.Result link = host.run(words("ip -d -o link show dev " + device));
        if (link.ok() && !link.output().isBlank() && !link.output().contains(" dummy ")) {
            throw new IOException("there is a device " + device + " that is no dummy device; give another name by"
                    + " --device, and it is made");
        }
    }

    /** A VIP on an interface of the network is answered for, whatever arp_ignore says. */
    private void refuseElsewhere(InetAddress vip, String device) throws IOException {
        String host = text(vip) + (v4(vip) ? "/32" : "/128");
        for (String line : this.host.run(words("ip -o addr show to " + host)).output().lines().toList()) {
            String[] words = line.strip().split("\\s+"); // 2: eth0 inet 192.0.2.100/24 …
            if (words.length > 3 && !(words[1].equals(device) && words[3].equals(host))) {
                throw new IOException(words[3] + " is on " + words[1] + " already, and a real server must have "
                        + host + " on " + device + " alone; take it away first: ip addr del " + words[3] + " dev "
                        + words[1] + (state.knows(text(vip)) ? ", or vipd realserver undo " + text(vip) : ""));
            }
        }
    }

    private void set(Step.Setting step, List<String> vips, List<Done> done) throws IOException {
        String now = host.setting(step.key()).orElseThrow(() ->
                new IOException("this kernel has no setting /proc/sys/" + step.key()));
        if (step.enough().contains(now)) {
            alreadySo(step.key() + " = " + now, step.key(), vips, done);
            return;
        }
        change(new Change(step.key(), now, step.value(), new LinkedHashSet<>(vips)), done);
        host.set(step.key(), step.value());
        told.accept(step.key() + ": " + now + " -> " + step.value());
    }

    private void run(Step.Run step, List<String> vips, List<Done> done) throws IOException {
        String command = String.join(" ", step.command());
        if (host.shows(step.look())) {
            alreadySo(command, String.join(" ", step.undo()), vips, done);
            return;
        }
        if (!step.undo().isEmpty()) {
            change(new Change(String.join(" ", step.undo()), "", "", new LinkedHashSet<>(vips)), done);
        }
        Host.Result result = host.run(step.command());
        if (!result.ok()) {
            if (!step.undo().isEmpty()) {
                forget(done.removeLast());
            }
            throw new IOException(command + ": " + result.reason() + Hints.of(step.command(), result.reason()));
        }
        told.accept(command);
    }

    /** What was not made is not to be taken back: it may be somebody else's that is in its place. */
    private void forget(Done made) throws IOException {
        if (state.leave(made.change(), made.vips())) {
            state.remove(made.change());
        }
        state.write();
    }

    private void alreadySo(String text, String what, List<String> vips, List<Done> done) throws IOException {
        Optional<Change> ours = state.find(what);
        if (ours.isPresent()) {
            done.add(new Done(ours.get(), state.join(ours.get(), vips)));
        }
        told.accept(text + ": already so");
    }

    private void change(Change change, List<Done> done) throws IOException {
        SequencedSet<String> vips = new LinkedHashSet<>(change.vips());
        state.add(change);
        done.add(new Done(change, vips));
    }

    /**
     * Settings last: the VIP is gone before the host answers ARP again. Returns what could not be taken back.
     *
     * @param done the last first
     */
    private List<String> takeBack(Collection<Done> done) throws IOException {
        List<String> left = new ArrayList<>();
        List<Done> ordered = done.stream().sorted(Comparator.comparing(one -> one.change().isSetting())).toList();
        for (Done one : ordered) {
            SequencedSet<String> vips = new LinkedHashSet<>(one.vips());
            if (state.leave(one.change(), vips)) {
                try {
                    takeBack(one.change());
                    state.remove(one.change());
                } catch (IOException e) {
                    one.change().vips().addAll(vips);
                    left.add(e.getMessage());
                }
            }
        }
        state.write();
        return left;
    }

    private void takeBack(Change change) throws IOException {
        if (change.isSetting()) {
            Optional<String> now = host.setting(change.what());
            if (now.equals(Optional.of(change.ours()))) {
                host.set(change.what(), change.before());
                told.accept(change.what() + ": " + change.ours() + " -> " + change.before());
            } else if (now.isPresent() && !now.get().equals(change.before())) {
                told.accept(change.what() + ": left at " + now.get() + ", which somebody else has set");
            }
            return;
        }
        Host.Result result = host.run(words(change.what()));
        if (result.ok()) {
            told.accept(change.what());
        } else if (GONE.matcher(result.output()).find()) {
            told.accept(change.what() + ": already so");
        } else {
            throw new IOException(change.what() + ": " + result.reason()
                    + Hints.of(words(change.what()), result.reason()));
        }
    }
}
