package dev.vipd.director.events;

/** How much an event matters to the operator. */
public enum Level {
    /** normal life: states, addresses, checks */
    INFO,
    /** something an operator should look at */
    WARN,
    /** something did not work */
    ERROR
}
