package dev.vipd.healthcheck.dialogue;

/** What a {@link JsonPointer} led to. */
sealed interface JsonFound {
    /** The body is not JSON, or is nested deeper than {@link JsonReader#DEPTH_MAX}. */
    record NotJson() implements JsonFound {}

    /** It is, but has no such member or element. */
    record NotThere() implements JsonFound {}

    /** A string, decoded. */
    record Text(String value) implements JsonFound {}

    /** A number, {@code true}, {@code false} or {@code null}, as it was written. */
    record Literal(String written) implements JsonFound {}

    /** An object or an array. */
    record Structure(boolean array) implements JsonFound {}
}
