package dev.vipd.director.events;

/** What a line of a log file turned out to be. */
public sealed interface LogLine permits ParsedEvent, LogLine.Foreign, LogLine.Truncated {
    /** Not of this format at all. */
    record Foreign() implements LogLine {}

    /** Begins as an event, but is cut short or damaged. */
    record Truncated() implements LogLine {}
}
