package dev.vipd.director.verify;

import dev.vipd.director.events.EventId;
import dev.vipd.director.verify.Signal.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Builds the {@link Ownership} of one instance from the runs of one vipd director. */
final class VipdOwnership {
    private final String node;
    private final String inst;
    private final Clocks clocks;
    private final Map<String, String> instOfVip;
    private final Signal.Builder serves;
    private final Signal.Builder owns;

    // the process being read
    private Optional<String> state = Optional.empty();
    private final Set<String> held = new HashSet<>();
    private final Set<String> wanted = new HashSet<>();
    private boolean vipsLogged;
    private boolean leftOver;
    private Source lastLine;
    private long nowNs = Signal.BEGINNING_NS;

    private VipdOwnership(String node, String inst, Clocks clocks, Map<String, String> instOfVip, ProcessRun first) {
        this.node = node;
        this.inst = inst;
        this.clocks = clocks;
        this.instOfVip = instOfVip;
        // a process that is there from its first line did not run before
        Value before = first.fromStart() ? Value.NO : Value.MAYBE;
        lastLine = first.first().source();
        serves = new Signal.Builder(before, lastLine);
        owns = new Signal.Builder(before, lastLine);
    }

    /**
     * @param runs      at least one, in the order of time
     * @param instOfVip which instance an address belongs to
     */
    static Ownership of(String inst, List<ProcessRun> runs, Clocks clocks, Map<String, String> instOfVip) {
        String node = runs.getFirst().node();
        VipdOwnership building = new VipdOwnership(node, inst, clocks, instOfVip, runs.getFirst());
        for (int i = 0; i < runs.size(); i++) {
            ProcessRun run = runs.get(i);
            Optional<ProcessRun> next = i + 1 < runs.size() ? Optional.of(runs.get(i + 1)) : Optional.empty();
            building.read(run, i == 0 ? Optional.empty() : Optional.of(runs.get(i - 1)));
            building.end(run, next);
        }
        ProcessRun last = runs.getLast();
        return new Ownership(node, building.serves.build(), building.owns.build(), building.state, building.lastLine,
                clocks.timeNs(node, last.last()), last.stopped() ? Ownership.End.STOPPED : Ownership.End.OPEN);
    }

    private void read(ProcessRun run, Optional<ProcessRun> previous) {
        begin(run, previous);
        for (int i = 0; i < run.entries().size(); i++) {
            LogEntry.Vipd entry = run.entries().get(i);
            long atNs = Math.max(nowNs, clocks.timeNs(node, entry));
            if (run.holeBefore(i)) {
                afterHole(run, i);
            } else if (i > 0 && atNs - nowNs > Heartbeat.SILENCE_NS && serves.value() == Value.YES) {
                // frozen, or without a CPU: its own log can't say whether anything was served meanwhile
                serves.set(nowNs, Value.MAYBE, run.entries().get(i - 1).source());
            }
            nowNs = atNs;
            apply(entry);
            serves.set(nowNs, servesNow(), entry.source());
            owns.set(nowNs, ownsNow(), entry.source());
        }
    }

    private void begin(ProcessRun run, Optional<ProcessRun> previous) {
        if (previous.isPresent() && !run.fromStart()) {
            unknownFrom(previous.get().last().source());
        }
        // a new boot has none of the old one's addresses
        leftOver &= previous.isPresent() && previous.get().boot().equals(run.boot());
        held.clear();
        wanted.clear();
        vipsLogged = run.entries().stream().anyMatch(this::tellsOfVips);
        state = Optional.of("INIT");
        if (!run.fromStart()) {
            resync(run, 0);
        }
        nowNs = Math.max(nowNs, clocks.timeNs(node, run.first()));
    }

    private boolean tellsOfVips(LogEntry.Vipd entry) {
        return entry.event().id().startsWith("vrrp.vip_") && entry.inst().equals(inst)
                || Heartbeat.is(entry) && !ours(Heartbeat.owned(entry)).isEmpty();
    }

    private void unknownFrom(Source cause) {
        serves.set(nowNs, Value.MAYBE, cause);
        owns.set(nowNs, Value.MAYBE, cause);
    }

    /** One lost line can't hide a change and its way back; more can. */
    private void afterHole(ProcessRun run, int at) {
        LogEntry.Vipd before = run.entries().get(at - 1);
        long lost = run.entries().get(at).event().seq() - before.event().seq() - 1;
        Optional<String> stateBefore = state;
        Set<String> heldBefore = Set.copyOf(held);
        resync(run, at);
        if (lost > 1 || !state.equals(stateBefore) || !held.equals(heldBefore)) {
            unknownFrom(before.source());
        }
    }

    /** Lines before line {@code from} are missing: takes state and addresses from what follows. */
    private void resync(ProcessRun run, int from) {
        state = run.stateBefore(from, inst);
        Map<String, Boolean> told = new HashMap<>();
        for (LogEntry.Vipd entry : run.entries().subList(from, run.entries().size())) {
            if (Heartbeat.is(entry)) {
                Set<String> owned = ours(Heartbeat.owned(entry));
                owned.forEach(vip -> told.putIfAbsent(vip, true));
                held.forEach(vip -> told.putIfAbsent(vip, false));
                break;
            }
            boolean leaves = entry.event().is(EventId.VRRP_VIP_DEL) || entry.event().is(EventId.VRRP_VIP_GONE);
            if (leaves && entry.inst().equals(inst)) {
                told.putIfAbsent(entry.event().value("vip"), true);
            }
        }
        told.forEach((vip, there) -> {
            if (there) {
                held.add(vip);
                wanted.add(vip);
            } else {
                held.remove(vip);
                wanted.remove(vip);
            }
        });
    }

    private Set<String> ours(Set<String> vips) {
        return vips.stream().filter(vip -> inst.equals(instOfVip.get(vip))).collect(Collectors.toSet());
    }

    private void apply(LogEntry.Vipd entry) {
        if (Heartbeat.is(entry)) {
            leftOver &= !ours(Heartbeat.owned(entry)).isEmpty();
            if (state.isEmpty()) {
                state = Heartbeat.state(entry, inst);
            }
            return;
        }
        EventId id = EventId.of(entry.event().id()).orElse(null);
        if (id == null || !entry.inst().equals(inst)) {
            return;
        }
        String vip = entry.event().value("vip");
        if (id == EventId.VRRP_STATE) {
            state = entry.event().get("to");
            lastLine = entry.source();
            wanted.clear();
            wanted.addAll(held);
        } else if (id == EventId.VRRP_VIP_ADD || id == EventId.VRRP_VIP_SEEN) {
            held.add(vip);
            wanted.add(vip);
        } else if (id == EventId.VRRP_VIP_DEL) {
            held.remove(vip);
            wanted.remove(vip);
            leftOver = false;
        } else if (id == EventId.VRRP_VIP_GONE) {
            // not asked for by us, as far as known: the instance is without an address it should have
            held.remove(vip);
            leftOver = false;
        }
    }

    private Value servesNow() {
        if (state.isEmpty()) {
            return Value.MAYBE;
        }
        boolean addresses = !vipsLogged || !held.isEmpty() && held.containsAll(wanted);
        return state.get().equals("MASTER") && addresses ? Value.YES : Value.NO;
    }

    private Value ownsNow() {
        if (!held.isEmpty()) {
            return Value.YES;
        }
        if (state.isEmpty()) {
            return Value.MAYBE;
        }
        if (state.get().equals("MASTER")) {
            return Value.YES;
        }
        return leftOver ? Value.GHOST : Value.NO;
    }

    /** After the last line of a process. */
    private void end(ProcessRun run, Optional<ProcessRun> next) {
        Source last = run.last().source();
        boolean mayBeLeft = !held.isEmpty() || !run.stopped() && owns.value().compareTo(Value.MAYBE) >= 0;
        leftOver |= mayBeLeft;
        owns.set(nowNs, leftOver ? Value.GHOST : Value.NO, last);
        if (run.stopped()) {
            serves.set(nowNs, Value.NO, last);
            state = Optional.of("INIT");
            lastLine = last;
            return;
        }
        long deadNs = Math.max(nowNs, lastHeartbeatNs(run) + Heartbeat.DUE_NS);
        if (next.isPresent()) {
            deadNs = Math.max(nowNs, Math.min(deadNs, clocks.timeNs(node, next.get().first())));
        }
        if (serves.value().compareTo(Value.MAYBE) >= 0) {
            serves.set(nowNs, Value.MAYBE, last);
            serves.set(deadNs, Value.NO, last);
        }
        nowNs = deadNs;
    }

    private long lastHeartbeatNs(ProcessRun run) {
        LogEntry.Vipd last = run.first();
        for (LogEntry.Vipd entry : run.entries()) {
            last = Heartbeat.is(entry) ? entry : last;
        }
        return clocks.timeNs(node, last);
    }
}
