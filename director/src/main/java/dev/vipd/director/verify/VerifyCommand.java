package dev.vipd.director.verify;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code vipd verify}: proves a failover from the directors' logs. {@code docs/verify.md} has the definitions. */
public final class VerifyCommand {
    private VerifyCommand() {}

    /**
     * Runs the command.
     *
     * @param json print the report as JSON
     * @return the exit code: 0 proved, 1 violated, 2 inconclusive (also when a log can't be read)
     */
    public static int run(VerifyOptions options, boolean json, PrintStream out, PrintStream err) {
        Map<String, List<LogReader.Text>> texts = new LinkedHashMap<>();
        boolean missing = false;
        for (Map.Entry<String, List<String>> node : options.files().entrySet()) {
            for (String file : node.getValue()) {
                try {
                    String content = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
                    texts.computeIfAbsent(node.getKey(), k -> new ArrayList<>())
                            .add(new LogReader.Text(file, content));
                } catch (NoSuchFileException e) {
                    err.println("vipd verify: " + file + ": no such file");
                    missing = true;
                } catch (IOException | InvalidPathException e) {
                    err.println("vipd verify: " + file + ": " + e.getMessage());
                    missing = true;
                }
            }
        }
        if (missing) {
            return Report.Verdict.INCONCLUSIVE.ordinal();
        }
        Report report = Analysis.of(LogReader.read(texts, options.zone()), options);
        out.print(json ? JsonReport.of(report) + "\n" : TextReport.of(report));
        return report.verdict().ordinal();
    }
}
