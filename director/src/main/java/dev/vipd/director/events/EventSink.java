package dev.vipd.director.events;

/** Where the writer thread of an {@link EventLog} puts events, in the order of their {@code seq}. */
@FunctionalInterface
public interface EventSink {
    /** Writes one event; false when it is lost (disk full, closed pipe). May block; does not throw. */
    boolean write(Event event);
}
