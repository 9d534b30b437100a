package dev.vipd.netlink.script;

/**
 * One run of a script that has ended.
 *
 * @param result   how
 * @param lastLine the last line it wrote that is not blank, cut to {@link ScriptLauncher#LINE_MAX} characters; may be
 *                 empty
 */
public record ScriptRun(ScriptResult result, String lastLine) {}
