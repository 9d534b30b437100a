package dev.vipd.ipvs.kernel;

import dev.vipd.ipvs.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Statistics of all services of a network namespace together, those that have been removed among them. The kernel tells
 * them in a file of proc only:
 *
 * <pre>
 *    Total Incoming Outgoing         Incoming         Outgoing
 *    Conns  Packets  Packets            Bytes            Bytes
 *        3       12        C              49B              354
 *
 *  Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
 *        0        2        1               87               62
 * </pre>
 *
 * The numbers are hexadecimal.
 */
public final class IpvsTotals {
    private static final Path FILE = Path.of("/proc/net/ip_vs_stats");
    private static final int COUNTS_LINE = 2;
    private static final int RATES_LINE = 5;
    private static final int COLUMNS = 5;

    private IpvsTotals() {}

    /** Empty where there is no such file, or none that can be understood. */
    public static Optional<Traffic> read() {
        try {
            return parse(Files.readAllLines(FILE));
        } catch (IOException e) {
            return Optional.empty(); // no IPVS, or no right to it
        }
    }

    static Optional<Traffic> parse(List<String> lines) {
        if (lines.size() <= RATES_LINE) {
            return Optional.empty();
        }
        try {
            long[] counts = numbers(lines.get(COUNTS_LINE));
            long[] rates = numbers(lines.get(RATES_LINE));
            return Optional.of(new Traffic(
                    counts[0], counts[1], counts[2], counts[3], counts[4],
                    rates[0], rates[1], rates[2], rates[3], rates[4]));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static long[] numbers(String line) {
        long[] numbers = Arrays.stream(line.strip().split(" +"))
                .mapToLong(word -> Long.parseUnsignedLong(word, 16))
                .toArray();
        if (numbers.length != COLUMNS) {
            throw new NumberFormatException(line);
        }
        return numbers;
    }
}
