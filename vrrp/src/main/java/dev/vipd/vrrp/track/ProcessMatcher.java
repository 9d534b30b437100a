package dev.vipd.vrrp.track;

import dev.vipd.vrrp.TrackProcessConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Whether a process is one of those tracked (proc(5): comm and cmdline). */
public final class ProcessMatcher {
    /** The kernel keeps that many bytes of a process' name: TASK_COMM_LEN without the zero. */
    private static final int COMM_BYTES_MAX = 15;

    private final List<String> wanted;
    private final TrackProcessConfig.Match match;

    public ProcessMatcher(TrackProcessConfig config) {
        wanted = config.process();
        match = config.match();
    }

    /**
     * Compares.
     *
     * @param comm        its name
     * @param commandLine program and arguments; empty for kernel threads
     */
    public boolean matches(String comm, List<String> commandLine) {
        return switch (match) {
            case NAME -> hasName(comm, commandLine);
            case COMMAND -> commandLine.size() == wanted.size() && startsAlike(commandLine, wanted.size());
            case PARTIAL -> startsAlike(commandLine, wanted.size());
            case INITIAL -> startsAlike(commandLine, wanted.size() - 1) && commandLine.size() >= wanted.size()
                    && (wanted.size() == 1
                            ? isProgram(commandLine.getFirst())
                            : commandLine.get(wanted.size() - 1).startsWith(wanted.getLast()));
        };
    }

    private boolean hasName(String comm, List<String> commandLine) {
        String name = lastPart(wanted.getFirst());
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= COMM_BYTES_MAX) {
            return comm.equals(name);
        }
        String cut = new String(Arrays.copyOf(bytes, COMM_BYTES_MAX), StandardCharsets.UTF_8);
        return comm.equals(cut) && !commandLine.isEmpty() && lastPart(commandLine.getFirst()).equals(name);
    }

    private boolean startsAlike(List<String> commandLine, int words) {
        return words == 0
                || commandLine.size() >= words
                        && isProgram(commandLine.getFirst())
                        && commandLine.subList(1, words).equals(wanted.subList(1, words));
    }

    /** A program that is given without a path may be in any folder. */
    private boolean isProgram(String program) {
        String given = wanted.getFirst();
        return program.equals(given) || given.indexOf('/') < 0 && lastPart(program).equals(given);
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
