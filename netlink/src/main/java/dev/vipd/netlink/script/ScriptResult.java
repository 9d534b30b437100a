package dev.vipd.netlink.script;

/** How one run of a tracked script ended. */
public sealed interface ScriptResult {

    /** Exit status 0. */
    record Success() implements ScriptResult {}

    /** Another exit status; 128 plus the number of the signal that ended it. */
    record Failure(int status) implements ScriptResult {}

    /** It was terminated for taking longer than its timeout. */
    record TimedOut() implements ScriptResult {}

    /** It could not be run at all. */
    record NotStarted(String why) implements ScriptResult {}
}
