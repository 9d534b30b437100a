package dev.vipd.director.events;

/** Where the writer thread of an {@link EventLog} puts events, in the order of their {@code seq}. */
@FunctionalInterface
public interface EventSink {
    /** Takes one event; false when it is lost. May hold it back until {@link #flush()}. May block; does not throw. */
    boolean write(Event event);

    /**
     * Writes what is held back. May block; does not throw.
     *
     * @return how many of the events that were taken since the last time are lost (disk full, closed pipe)
     */
    default int flush() {
        return 0;
    }
}
