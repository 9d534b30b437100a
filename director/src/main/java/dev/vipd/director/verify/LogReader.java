package dev.vipd.director.verify;

import dev.vipd.director.events.EventParser;
import dev.vipd.director.events.LogLine;
import dev.vipd.director.events.ParsedEvent;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the text of log files into {@link NodeLog}s. Pure; never throws on any text. */
final class LogReader {
    private static final Pattern YEAR = Pattern.compile("(?:\\b(\\d{4})-\\d{2}-\\d{2}T|:\\d{2} (\\d{4}): )");
    /** A leap year, so that 29 February is a date. */
    private static final int NO_YEAR = 2000;

    private final ZoneId zone;
    private final int year;

    private LogReader(ZoneId zone, int year) {
        this.zone = zone;
        this.year = year;
    }

    /** One file's content. */
    record Text(String file, String content) {}

    /** @param texts by node, each node's files in the order of time */
    static List<NodeLog> read(Map<String, List<Text>> texts, ZoneId zone) {
        int year = texts.values().stream().flatMap(List::stream).mapToInt(text -> year(text.content()))
                .filter(y -> y != NO_YEAR).findFirst().orElse(NO_YEAR);
        LogReader reader = new LogReader(zone, year);
        return texts.entrySet().stream().map(node -> reader.node(node.getKey(), node.getValue())).toList();
    }

    private static int year(String content) {
        Matcher match = YEAR.matcher(content);
        if (!match.find()) {
            return NO_YEAR;
        }
        return Integer.parseInt(match.group(1) == null ? match.group(2) : match.group(1));
    }

    private NodeLog node(String node, List<Text> texts) {
        Set<String> names = new HashSet<>();
        boolean vipd = false;
        for (Text text : texts) {
            for (String line : text.content().split("\n")) {
                Optional<ParsedEvent> event = EventParser.event(line);
                event.ifPresent(e -> names.add(e.node()));
                vipd |= event.isPresent();
            }
        }
        List<LogEntry> entries = new ArrayList<>();
        List<NodeLog.FileCount> files = new ArrayList<>();
        // a log of its own has one name, whatever the command line calls it; in a shared one only the named node counts
        Optional<String> only = names.size() > 1 && names.contains(node) ? Optional.of(node) : Optional.empty();
        for (Text text : texts) {
            files.add(file(text, vipd, only, entries));
        }
        return new NodeLog(node, files, entries);
    }

    private NodeLog.FileCount file(Text text, boolean vipd, Optional<String> only, List<LogEntry> entries) {
        int before = entries.size();
        int foreign = 0;
        int truncated = 0;
        String[] lines = text.content().isEmpty() ? new String[0] : text.content().split("\n", -1);
        // both writers end each line; what follows the last newline was being written
        boolean whole = lines.length == 0 || lines[lines.length - 1].isEmpty();
        int count = whole ? Math.max(0, lines.length - 1) : lines.length;
        for (int i = 0; i < count; i++) {
            String line = lines[i].endsWith("\r") ? lines[i].substring(0, lines[i].length() - 1) : lines[i];
            Source source = new Source(text.file(), i + 1);
            if (!whole && i == count - 1) {
                truncated++;
                continue;
            }
            switch (EventParser.parse(line)) {
                case ParsedEvent event -> {
                    if (only.isEmpty() || only.get().equals(event.node())) {
                        entries.add(new LogEntry.Vipd(source, event));
                    } else {
                        foreign++;
                    }
                }
                case LogLine.Truncated cut -> truncated++;
                case LogLine.Foreign other -> {
                    Optional<KeepalivedLine> parsed =
                            vipd ? Optional.empty() : KeepalivedLine.parse(line, zone, year);
                    parsed.ifPresent(keepalived -> entries.add(new LogEntry.Keepalived(source, keepalived)));
                    foreign += parsed.isPresent() ? 0 : 1;
                }
            }
        }
        return new NodeLog.FileCount(text.file(), count, entries.size() - before, foreign, truncated);
    }
}
