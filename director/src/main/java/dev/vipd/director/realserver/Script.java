package dev.vipd.director.realserver;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A plan as a script for people who would rather do it themselves. */
public final class Script {
    private static final int COLUMNS = 100;

    private Script() {}

    /** POSIX shell. In parentheses: a step that fails ends those, not the shell that all this is pasted to. */
    public static String of(RealServerOptions options) {
        List<Step> steps = List.copyOf(Plan.of(options).sequencedKeySet());
        String vips = options.vips().stream().map(RealServerOptions::text).collect(Collectors.joining(", "));
        List<String> lines = new ArrayList<>(List.of(
                "#!/bin/sh",
                "# Makes this host a real server of LVS-" + options.kind() + " for " + vips + ".",
                "# Run it as root, as often as you like: what is so already is left as it is.",
                "(",
                "set -e"));
        for (Step step : steps) {
            lines.add("");
            lines.addAll(wrap(step.comment()));
            lines.add(step.shell());
        }
        lines.addAll(List.of("", ")", "", "# To take it back, in this order, unless something else needs it:"));
        steps.reversed().forEach(step -> step.inverse().ifPresent(line -> lines.add("#   " + line)));
        return String.join("\n", lines) + "\n";
    }

    private static List<String> wrap(String comment) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder("#");
        for (String word : comment.split(" ")) {
            if (line.length() + 1 + word.length() > COLUMNS) {
                lines.add(line.toString());
                line = new StringBuilder("#");
            }
            line.append(' ').append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
