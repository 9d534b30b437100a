package dev.vipd.director.verify;

import java.util.Optional;

/**
 * What one director's log says about one instance over time.
 *
 * @param serves    the process is alive, MASTER, and holds each address it took
 * @param owns      the process is alive, and MASTER or holding an address
 * @param last      the state at the end of the log; empty when not known
 * @param lastLine  where {@code last} is told
 * @param endNs     time of the log's last sign of life
 * @param ended     how the last process ended
 */
record Ownership(
        String node, Signal serves, Signal owns, Optional<String> last, Source lastLine, long endNs, End ended) {

    /** How the log of a node ends. */
    enum End {
        /** an orderly stop */
        STOPPED,
        /** in the middle of a process' life: it crashed, or the log was cut off */
        OPEN
    }

    /** From when on the director perhaps served; {@link Long#MAX_VALUE} if it never did. */
    long beginsNs(long widthNs) {
        return serves.steps().stream().filter(step -> step.value().compareTo(Signal.Value.MAYBE) >= 0).findFirst()
                .map(step -> step.value() == Signal.Value.YES ? step.atNs() + widthNs : step.atNs())
                .orElse(Long.MAX_VALUE);
    }

    Ownership smeared(long widthNs) {
        return new Ownership(node, serves.smeared(widthNs), owns.smeared(widthNs), last, lastLine, endNs, ended);
    }
}
