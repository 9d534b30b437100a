package dev.vipd.director.table;

import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.JudgedTable;
import dev.vipd.ipvs.JudgedTable.DestinationRow;
import dev.vipd.ipvs.JudgedTable.ServiceRow;
import dev.vipd.ipvs.Judgement;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.Traffic;
import dev.vipd.ipvs.kernel.IpvsInfo;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The kernel's table as {@code ipvsadm -Ln} prints it, with what each row is to us at the end of its line. */
final class TableText {
    private static final String NO_NUMBER = "-";
    /** Columns of a destination in the list. */
    private static final int LIST_WIDTH = 70;

    /** Numbers of a row, instead of the settings. */
    private record Numbers(String[] names, Function<Traffic, long[]> of) {
        static final Numbers TOTALS = new Numbers(
                new String[] {"Conns", "InPkts", "OutPkts", "InBytes", "OutBytes"},
                it -> new long[] {it.connections(), it.inPackets(), it.outPackets(), it.inBytes(), it.outBytes()});

        static final Numbers RATES = new Numbers(
                new String[] {"CPS", "InPPS", "OutPPS", "InBPS", "OutBPS"},
                it -> new long[] {it.connectionsPerSec(), it.inPacketsPerSec(), it.outPacketsPerSec(),
                        it.inBytesPerSec(), it.outBytesPerSec()});

        String head() {
            return String.format(Locale.ROOT, "%-33s", "Prot LocalAddress:Port") + columns(names);
        }

        String row(String name, boolean present, Traffic traffic) {
            String[] cells = present
                    ? Arrays.stream(of.apply(traffic)).mapToObj(TableText::number).toArray(String[]::new)
                    : names.clone();
            if (!present) {
                Arrays.fill(cells, NO_NUMBER);
            }
            return String.format(Locale.ROOT, "%-33s", name) + columns(cells);
        }

        private static String columns(String[] cells) {
            return Arrays.stream(cells)
                    .map(cell -> String.format(Locale.ROOT, " %8s", cell))
                    .collect(Collectors.joining());
        }
    }

    private final StringBuilder out = new StringBuilder();
    private final int width;

    private TableText(int width) {
        this.width = width;
    }

    /** Settings, and connections of now. */
    static String list(JudgedTable table, Optional<IpvsInfo> info) {
        TableText text = new TableText(LIST_WIDTH);
        text.line(version(info), "");
        text.line("Prot LocalAddress:Port Scheduler Flags", "");
        text.line("  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn", judged(table));
        for (ServiceRow service : table.services()) {
            text.line(name(service.service().key()) + " " + settings(service.service()), verdict(service.judgement()));
            service.destinations().forEach(row -> text.line(destination(row), verdict(row.judgement())));
        }
        return text.end(table);
    }

    /** Counts since each row was added. */
    static String totals(JudgedTable table, Optional<IpvsInfo> info) {
        return numbers(Numbers.TOTALS, table, info);
    }

    /** The kernel's estimates of what it is a second. */
    static String rates(JudgedTable table, Optional<IpvsInfo> info) {
        return numbers(Numbers.RATES, table, info);
    }

    private static String numbers(Numbers numbers, JudgedTable table, Optional<IpvsInfo> info) {
        TableText text = new TableText(numbers.head().length());
        text.line(version(info), "");
        text.line(numbers.head(), judged(table));
        text.line("  -> RemoteAddress:Port", "");
        for (ServiceRow service : table.services()) {
            text.line(numbers.row(name(service.service().key()), service.present(), service.traffic()),
                    verdict(service.judgement()));
            service.destinations().forEach(row -> text.line(
                    numbers.row("  -> " + row.destination().at(), row.present(), row.load().traffic()),
                    verdict(row.judgement())));
        }
        return text.end(table);
    }

    private String end(JudgedTable table) {
        if (table.foreignServices() > 0) {
            out.append("and ").append(table.foreignServices()).append(" of a protocol that vipd does not look into\n");
        }
        return out.toString();
    }

    private void line(String text, String judgement) {
        String blank = " ".repeat(Math.max(0, width - text.length()) + 2);
        out.append((text + blank + judgement).stripTrailing()).append('\n');
    }

    private static String version(Optional<IpvsInfo> info) {
        return "IP Virtual Server" + info
                .map(it -> " version " + it.version() + " (size=" + it.connectionTableSize() + ")")
                .orElse("");
    }

    /** The head of the last column, which is there when anything was judged. */
    private static String judged(JudgedTable table) {
        boolean any = table.services().stream().anyMatch(it -> it.judgement().kind() != Judgement.Kind.UNKNOWN);
        return any ? "Vipd" : "";
    }

    private static String verdict(Judgement judgement) {
        return judgement.kind() == Judgement.Kind.UNKNOWN ? "" : judgement.text();
    }

    private static String name(ServiceKey key) {
        return switch (key) {
            case ServiceKey.At at ->
                String.format(Locale.ROOT, "%-4s ", at.protocol()) + Endpoints.format(at.address(), at.port());
            case ServiceKey.Mark mark -> "FWM  " + mark.mark() + (mark.ipv6() ? " IPv6" : "");
        };
    }

    private static String settings(Service service) {
        String flags = Words.flags(service);
        String mask = Words.mask(service);
        return service.scheduler()
                + (flags.isEmpty() ? "" : " (" + flags + ")")
                + (Words.persistent(service)
                        ? " persistent " + Integer.toUnsignedString(service.timeoutSec())
                                + (mask.isEmpty() ? "" : " mask " + mask)
                        : "")
                + (service.persistenceEngine().isEmpty() ? "" : " pe " + service.persistenceEngine())
                + (Words.onePacket(service) ? " ops" : "");
    }

    private static String destination(DestinationRow row) {
        String active = row.present() ? Long.toString(row.load().active()) : NO_NUMBER;
        String inactive = row.present() ? Long.toString(row.load().inactive()) : NO_NUMBER;
        return String.format(Locale.ROOT, "  -> %-28s %-7s %-6d %-10s %-10s", row.destination().at(),
                Words.method(row.destination().forwarding()), row.destination().weight(), active, inactive);
    }

    /** In at most nine places: from a hundred million on in thousands, then in millions, and so on. */
    private static String number(long value) {
        return value < 100_000_000L ? Long.toString(value)
                : value < 1_000_000_000L ? value / 1_000 + "K"
                : value < 100_000_000_000L ? value / 1_000_000 + "M"
                : value < 100_000_000_000_000L ? value / 1_000_000_000 + "G"
                : value / 1_000_000_000_000L + "T";
    }
}
