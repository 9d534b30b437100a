package dev.vipd.director.cli;

import dev.vipd.director.verify.VerifyCommand;
import dev.vipd.director.verify.VerifyOptions;
import java.io.PrintStream;
import java.util.List;

/** The command line of {@code vipd verify}. */
final class VerifyHandler {
    private static final Option MAX_BLACKOUT =
            new Option(List.of("--max-blackout"), "TIME", "longest time without a MASTER (default 5s)");
    private static final Option MAX_OVERLAP =
            new Option(List.of("--max-overlap"), "TIME", "longest time with two (default 50ms)");
    private static final Option EXPECT =
            new Option(List.of("--expect"), "INST=NODE", "at the end, NODE is MASTER of INST; may be repeated");
    private static final Option CLOCK_ERROR = new Option(
            List.of("--clock-error"), "TIME",
            "how far apart two hosts' wall clocks may be, where adverts don't tell (default 10ms)");
    private static final Option ZONE =
            new Option(List.of("--zone"), "ZONE", "time zone of keepalived's lines that have none (default UTC)");

    static final List<Option> OPTIONS = List.of(MAX_BLACKOUT, MAX_OVERLAP, EXPECT, CLOCK_ERROR, ZONE);

    private VerifyHandler() {}

    static int run(Args args, PrintStream out, PrintStream err) throws UsageException {
        VerifyOptions options;
        try {
            options = VerifyOptions.DEFAULT
                    .withLogs(args.operands())
                    .withExpected(args.values(EXPECT))
                    .withLimits(args.value(MAX_BLACKOUT), args.value(MAX_OVERLAP), args.value(CLOCK_ERROR))
                    .withZone(args.value(ZONE));
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
        return VerifyCommand.run(options, args.json(), out, err);
    }
}
