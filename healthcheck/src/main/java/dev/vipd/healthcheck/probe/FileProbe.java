package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.ProbeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * {@code file}: the first word of the file is the number. It is read by one of the {@link Workers}, since a file system
 * may hang; then that is a local fault, and no second read of this file is begun.
 */
final class FileProbe implements Probe {
    private static final int BYTES_MAX = 64;
    private static final BigInteger WEIGHT_MAX = BigInteger.valueOf(Integer.MAX_VALUE);

    private final ProbeConfig.File file;
    private FutureTask<?> reading;

    FileProbe(ProbeConfig.File file) {
        this.file = file;
    }

    @Override
    public void start(ProbeRun run) {
        run.connected();
        if (reading != null && !reading.isDone()) {
            run.localFault("the file system hangs");
            return;
        }
        run.awaitingOurselves("the file could not be read in time");
        FutureTask<?> job = new FutureTask<>(
                () -> {
                    Consumer<ProbeRun> outcome = read();
                    run.eventLoop().execute(() -> outcome.accept(run));
                },
                null);
        reading = job;
        run.onEnd(() -> Workers.FILES.withdraw(job));
        Workers.FILES.begin(job);
    }

    /** On a worker. */
    private Consumer<ProbeRun> read() {
        try {
            Path path = Path.of(file.path());
            if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
                return run -> run.failed("not a file"); // to open a pipe could take for ever
            }
            try (InputStream in = Files.newInputStream(path)) {
                return judge(new String(in.readNBytes(BYTES_MAX), StandardCharsets.ISO_8859_1));
            }
        } catch (NoSuchFileException e) {
            return run -> run.failed("no such file");
        } catch (AccessDeniedException e) {
            return run -> run.failed("permission denied");
        } catch (IOException | RuntimeException e) {
            return run -> run.localFault("the file can't be read: " + e.getMessage());
        }
    }

    private Consumer<ProbeRun> judge(String text) {
        String word = text.strip().split("\\s", 2)[0];
        if (!word.matches("[+-]?[0-9]{1,40}")) {
            return run -> run.failed("holds no number");
        }
        int number = new BigInteger(word).max(BigInteger.ZERO).min(WEIGHT_MAX).intValue();
        if (file.dynamic()) {
            return run -> run.passed(Advice.weight(number), "");
        }
        return number > 0 ? ProbeRun::passed : run -> run.failed("number is 0 or less");
    }
}
