package dev.vipd.director.verify;

import dev.vipd.director.verify.KeepalivedLine.Kind;
import dev.vipd.director.verify.Signal.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Builds the {@link Ownership} of one instance from the log of one keepalived, which has no sign of life: silence is
 * normal there.
 */
final class KeepalivedOwnership {
    private final boolean vipsLogged;
    private final Signal.Builder serves;
    private final Signal.Builder owns;
    private Optional<String> state = Optional.empty();
    private boolean vipsSet;
    private boolean running;
    private Source lastLine;

    private KeepalivedOwnership(List<LogEntry.Keepalived> lines, String inst) {
        vipsLogged = lines.stream().anyMatch(
                l -> l.line().inst().equals(inst) && l.line().kind() == Kind.SET_VIPS);
        lastLine = lines.getFirst().source();
        Value before = lines.getFirst().line().kind() == Kind.START ? Value.NO : Value.MAYBE;
        serves = new Signal.Builder(before, lastLine);
        owns = new Signal.Builder(before, lastLine);
    }

    /**
     * @param takenOverAfterNs whether, after a time, another director became MASTER: then a keepalived that was MASTER
     *                         by its last line may have died at any time since
     */
    static Ownership of(
            String inst, NodeLog log, Clocks clocks, LongPredicate takenOverAfterNs) {
        List<LogEntry.Keepalived> lines = log.keepalived().toList();
        KeepalivedOwnership building = new KeepalivedOwnership(lines, inst);
        long nowNs = Signal.BEGINNING_NS;
        Source before = building.lastLine;
        for (LogEntry.Keepalived entry : lines) {
            long atNs = Math.max(nowNs, clocks.timeNs(log.node(), entry));
            building.read(entry, inst, nowNs, before, atNs);
            nowNs = atNs;
            before = entry.source();
        }
        if (building.serves.value() == Value.YES && takenOverAfterNs.test(nowNs)) {
            building.serves.set(nowNs, Value.MAYBE, before);
            building.owns.set(nowNs, Value.GHOST, before);
        }
        return new Ownership(log.node(), building.serves.build(), building.owns.build(), building.state,
                building.lastLine, nowNs, building.running ? Ownership.End.OPEN : Ownership.End.STOPPED);
    }

    private void read(LogEntry.Keepalived entry, String inst, long nowNs, Source before, long atNs) {
        Kind kind = entry.line().kind();
        boolean process = entry.line().inst().isEmpty();
        if (!process && !entry.line().inst().equals(inst)) {
            return;
        }
        Source source = entry.source();
        switch (kind) {
            case START -> {
                if (running && serves.value() == Value.YES) {
                    // it did not stop: it died at some time since its last line
                    serves.set(nowNs, Value.MAYBE, before);
                    owns.set(nowNs, Value.GHOST, before);
                }
                boolean left = owns.value() == Value.GHOST;
                to("INIT", atNs, source);
                owns.set(atNs, left ? Value.GHOST : Value.NO, source);
            }
            case DIED -> {
                boolean left = owns.value() != Value.NO;
                to("INIT", atNs, source);
                owns.set(atNs, left ? Value.GHOST : Value.NO, source);
            }
            case STOP -> {
                to("INIT", atNs, source);
                running = false;
                return;
            }
            case MASTER -> to("MASTER", atNs, source);
            case BACKUP -> to("BACKUP", atNs, source);
            case FAULT -> to("FAULT", atNs, source);
            case SET_VIPS -> {
                vipsSet = true;
                update(atNs, source);
            }
            case REMOVE_VIPS -> {
                vipsSet = false;
                to(state.filter(s -> !s.equals("MASTER")).orElse("INIT"), atNs, source);
            }
            case OTHER -> { }
        }
        running = true;
    }

    private void to(String newState, long atNs, Source source) {
        state = Optional.of(newState);
        lastLine = source;
        vipsSet &= newState.equals("MASTER");
        update(atNs, source);
    }

    private void update(long atNs, Source source) {
        boolean master = state.filter(s -> s.equals("MASTER")).isPresent();
        if (state.isEmpty()) {
            return;
        }
        serves.set(atNs, master && (vipsSet || !vipsLogged) ? Value.YES : Value.NO, source);
        owns.set(atNs, master || vipsSet ? Value.YES : Value.NO, source);
    }
}
