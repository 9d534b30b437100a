package dev.vipd.director.doctor;

import dev.vipd.director.doctor.Diagnosis.Severity;
import java.util.List;

/**
 * All that was found, for people and for programs.
 *
 * @param file     the configuration
 * @param daemon   whether a vipd runs here
 * @param findings errors first
 */
public record Report(
        String file, boolean ok, boolean daemon, long errors, long warnings, long unknown, List<Diagnosis> findings) {
    private static final int WIDTH = 7;

    /** The counts are those of the findings. */
    public static Report of(String file, boolean daemon, List<Diagnosis> findings) {
        long errors = count(findings, Severity.ERROR);
        return new Report(
                file, errors == 0, daemon, errors, count(findings, Severity.WARN), count(findings, Severity.UNKNOWN),
                List.copyOf(findings));
    }

    private static long count(List<Diagnosis> findings, Severity severity) {
        return findings.stream().filter(finding -> finding.severity() == severity).count();
    }

    /** A group of lines for each finding, then a line that sums up. */
    public String text() {
        StringBuilder out = new StringBuilder();
        for (Diagnosis finding : findings) {
            out.append(pad(finding.severity().name())).append(' ').append(finding.check()).append(": ")
                    .append(finding.what()).append('\n');
            line(out, "where", finding.where());
            line(out, "why", finding.why());
            line(out, finding.severity() == Severity.UNKNOWN ? "ask" : "mend", finding.mend());
        }
        if (!daemon) {
            out.append("vipd does not run here: what its instances are in, and what its checks say, was not asked\n");
        }
        long well = findings.size() - errors - warnings - unknown;
        return out.append(file).append(": ").append(counted(errors, "error")).append(", ")
                .append(counted(warnings, "warning")).append(", ").append(unknown).append(" unknown, ")
                .append(well).append(" ok\n").toString();
    }

    private static void line(StringBuilder out, String name, String text) {
        if (!text.isEmpty()) {
            out.append(" ".repeat(WIDTH + 1)).append(String.format("%-5s ", name)).append(text).append('\n');
        }
    }

    private static String pad(String severity) {
        return String.format("%-" + WIDTH + "s", severity);
    }

    private static String counted(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }
}
