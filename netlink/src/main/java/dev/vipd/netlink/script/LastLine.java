package dev.vipd.netlink.script;

import java.io.BufferedReader;
import java.io.IOException;

/** Reads all that a process writes, so that it never waits for a reader, and remembers the last line. */
final class LastLine {
    /** What the process left running may hold its output open: then the line is what came until now. */
    private static final long AWAIT_MS = 200;

    private final BufferedReader in;
    private final Thread reader;
    private volatile String line = "";

    private LastLine(Process process) {
        in = process.inputReader();
        // not a virtual one: reads of a pipe block the thread below
        reader = Thread.ofPlatform().daemon().name("script-output").start(this::read);
    }

    static LastLine of(Process process) {
        return new LastLine(process);
    }

    /** The last line after the process has ended. */
    String await() throws InterruptedException {
        reader.join(AWAIT_MS);
        return line;
    }

    /** By characters, as a line may be endless. */
    private void read() {
        StringBuilder current = new StringBuilder();
        try (in) {
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c == '\n' || c == '\r') {
                    note(current);
                    current.setLength(0);
                } else if (current.length() < ScriptLauncher.LINE_MAX) {
                    current.append((char) c);
                }
            }
        } catch (IOException e) {
            // closed under us: that was the end of it
        }
        note(current);
    }

    private void note(StringBuilder text) {
        String stripped = text.toString().strip();
        if (!stripped.isEmpty()) {
            line = stripped;
        }
    }
}
