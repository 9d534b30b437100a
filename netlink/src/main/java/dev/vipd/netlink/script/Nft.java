package dev.vipd.netlink.script;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The program {@code nft} of nftables. Tables of ours are of the family {@code inet}. */
public final class Nft {
    /** How long it may take. */
    public static final int TIMEOUT_SEC = 10;

    /** What to say where it is not there. */
    public static final String NEEDED = "needs the program nft, which is not in /usr/sbin; install nftables";

    private static final List<String> PLACES = List.of("/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft", "/bin/nft");

    private Nft() {}

    /** Whether there is such a program. */
    public static boolean isThere() {
        return program().isPresent();
    }

    private static Optional<Path> program() {
        return PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    }

    /** The beginning of a script: the table goes, whether it is there or not. */
    public static String without(String table) {
        return "table inet " + table + "\ndelete table inet " + table + "\n";
    }

    /**
     * Gives it a script, all of which is done or nothing. Waits for its end.
     *
     * @throws IOException when it refuses, with what it says, or is not there or does not end
     */
    public static void run(String script) throws IOException, InterruptedException {
        run(script, "-f", "-");
    }

    /**
     * A table as it is, in the program's words, which are the same until somebody changes it.
     *
     * @throws IOException as {@link #run}, also when there is no such table
     */
    public static String list(String table) throws IOException, InterruptedException {
        return run("", "-s", "list", "table", "inet", table);
    }

    private static String run(String input, String... arguments) throws IOException, InterruptedException {
        Path program = program().orElseThrow(() -> new IOException("the program is not there any more"));
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture<Process> inTime = process.onExit().orTimeout(TIMEOUT_SEC, TimeUnit.SECONDS);
        inTime.whenComplete((_, late) -> {
            if (late != null) {
                process.destroyForcibly(); // or what is read below would not end
            }
        });
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = process.waitFor();
        if (inTime.isCompletedExceptionally()) {
            throw new IOException("it did not end within " + TIMEOUT_SEC + " s");
        }
        if (status != 0) {
            throw new IOException(said);
        }
        return said;
    }
}
