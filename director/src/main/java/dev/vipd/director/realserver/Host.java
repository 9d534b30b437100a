package dev.vipd.director.realserver;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * This host: its programs and its kernel's settings.
 *
 * @param root     what stands for {@code /}
 * @param programs folders in which programs are looked for, in this order
 */
record Host(Path root, List<Path> programs) {
    private static final int TIMEOUT_SECONDS = 20;
    private static final int OUTPUT_BYTES_MAX = 64 * 1024; // what fits into a pipe: nobody reads before the end

    /** Of a program that has ended. */
    record Result(int status, String output) {
        boolean ok() {
            return status == 0;
        }

        /** The last line that is not blank. */
        String reason() {
            return output.lines().filter(line -> !line.isBlank()).reduce((_, last) -> last.strip())
                    .orElse("exit status " + status);
        }
    }

    /** The one that this process runs on. A PATH without the system's folders is common under su and cron. */
    static Host here() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        List<Path> folders = Stream.concat(
                        Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin"))
                .filter(folder -> folder.startsWith("/")).distinct().map(Path::of).toList();
        return new Host(Path.of("/"), folders);
    }

    /** Where a program is. */
    Optional<Path> program(String name) {
        return programs.stream().map(folder -> folder.resolve(name)).filter(Files::isExecutable).findFirst();
    }

    /**
     * Runs a program to its end.
     *
     * @throws IOException when it is missing or does not end, with what to do
     */
    Result run(List<String> command) throws IOException {
        String name = command.getFirst();
        Path program = program(name).orElseThrow(() -> new IOException(switch (name) {
            case "ip" -> "the program ip is missing; install iproute2";
            case "modprobe" -> "the program modprobe is missing; install kmod, or load the kernel's module "
                    + command.getLast() + " otherwise and try again";
            default -> "the program " + name + " is missing";
        }));
        List<String> words = new ArrayList<>(command);
        words.set(0, program.toString());
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C"); // its messages are understood here
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + ": not done within " + TIMEOUT_SECONDS + " s");
            }
            byte[] output = process.getInputStream().readNBytes(OUTPUT_BYTES_MAX);
            return new Result(process.exitValue(), new String(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", command) + ": interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Whether it is so. */
    boolean shows(Step.Look look) throws IOException {
        Result result = run(look.command());
        return result.ok() && Pattern.compile(look.pattern(), Pattern.MULTILINE).matcher(result.output()).find();
    }

    /** A setting; empty: the kernel has none of this name. */
    Optional<String> setting(String key) throws IOException {
        try {
            return Optional.of(Files.readString(file(key)).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** @throws IOException with the setting's name and what to do */
    void set(String key, String value) throws IOException {
        try {
            Files.writeString(file(key), value);
        } catch (IOException e) {
            throw new IOException("can't set /proc/sys/" + key + " to " + value + ": " + e
                    + "; run it as root, and for a container on the host that starts it", e);
        }
    }

    private Path file(String key) {
        return root.resolve("proc/sys").resolve(key);
    }
}
