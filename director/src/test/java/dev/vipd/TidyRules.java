package dev.vipd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules of the house that can be seen in the text of a source. */
enum TidyRules {
    FILE_LENGTH("a file has 400 lines at most", TidyRules::fileLength),
    FUNCTION_LENGTH("a function has 60 lines at most", TidyRules::functionLength),
    COLUMNS("a line has 120 columns at most", TidyRules::columns),
    PURE("pure code has no clock, thread, socket, logger, file, random source", TidyRules::pure),
    NAME_SERVICE("nothing waits for a name server", TidyRules::nameService),
    PACKAGES("a package uses only those below it", TidyRules::packages),
    LIBRARIES("each library has one place", TidyRules::libraries),
    LIBC("the C library is seen in its package only", TidyRules::libc),
    OUTPUT("only the command line writes to the standard streams", TidyRules::output),
    OPEN_ENDS("what is left to do has the number of an issue", TidyRules::openEnds),
    DISABLED("no test is switched off", TidyRules::disabled),
    SLEEP("no test sleeps", TidyRules::sleep),
    SEALED_DEFAULT("a switch over a sealed type of ours has no default", TidyRules::sealedDefault);

    static final int LINES_MAX = 400;
    static final int FUNCTION_LINES_MAX = 60;
    static final int COLUMNS_MAX = 120;

    /** Packages that are pure as a whole, and single classes. */
    private static final Set<String> PURE_PLACES = Set.of(
            "dev.vipd.vrrp", "dev.vipd.vrrp.wire", "dev.vipd.vrrp.track", "dev.vipd.ipvs",
            "dev.vipd.healthcheck", "dev.vipd.healthcheck.dialogue", "dev.vipd.healthcheck.pool",
            "dev.vipd.director.verify", "dev.vipd.director.config", "dev.vipd.director.json",
            "dev.vipd.director.doctor",
            "dev.vipd.director.HealthBoard", "dev.vipd.director.Changes", "dev.vipd.director.AdvertDigest",
            "dev.vipd.director.Drains", "dev.vipd.director.MarkRules",
            "dev.vipd.netlink.Nl", "dev.vipd.netlink.NlMessage", "dev.vipd.netlink.NlAttrReader",
            "dev.vipd.netlink.NlAttrWriter", "dev.vipd.netlink.generic.GenlFamily",
            "dev.vipd.netlink.route.AddressCodec", "dev.vipd.netlink.route.LinkCodec",
            "dev.vipd.netlink.route.RouteCodec", "dev.vipd.netlink.route.RuleCodec",
            "dev.vipd.netlink.route.RouteChange", "dev.vipd.netlink.route.Link",
            "dev.vipd.netlink.route.InterfaceAddress", "dev.vipd.netlink.route.Route",
            "dev.vipd.netlink.route.Rule", "dev.vipd.netlink.route.NextHop", "dev.vipd.netlink.route.IpPrefix",
            "dev.vipd.netlink.route.RouteEvent",
            "dev.vipd.netlink.connector.ProcessCodec", "dev.vipd.netlink.connector.ProcessEvent",
            "dev.vipd.ipvs.kernel.IpvsCodec");

    private static final Pattern IMPURE = Pattern.compile("\\bnanoTime\\b|\\bcurrentTimeMillis\\b"
            + "|\\b(Instant|LocalDateTime|LocalDate|ZonedDateTime|OffsetDateTime|Year)\\s*\\.\\s*now\\b|\\bClock\\b"
            + "|\\bThread\\b|\\bjava\\.util\\.concurrent\\b|\\bProcess(Builder|Handle)\\b"
            + "|\\bnew (java\\.util\\.)?(Random|SecureRandom)\\b|\\bMath\\s*\\.\\s*random\\b|\\bThreadLocalRandom\\b"
            + "|\\brandomUUID\\b|\\b[A-Z]\\w*Socket\\b|\\b\\w+Channel\\b|\\bjava\\.nio\\.channels\\b"
            + "|\\bjava\\.nio\\.file\\b|\\bjava\\.io\\.File\\b"
            + "|\\b(FileInputStream|FileReader|FileOutputStream|FileWriter)\\b"
            + "|\\bLoggerFactory\\b|\\borg\\.slf4j\\b|\\bSystem\\s*\\.\\s*(out|err|in|getenv|getProperty)\\b");
    private static final Pattern NAMES = Pattern.compile("\\b(getByName|getAllByName|getLocalHost|getCanonicalHostName"
            + "|getHostName)\\s*\\(|::\\s*(getByName|getAllByName|getLocalHost|getCanonicalHostName|getHostName)\\b");
    private static final Pattern DISABLED_TEST = Pattern.compile("@Disabled\\w*");
    private static final Pattern SLEEPS = Pattern.compile(
            "\\bThread\\s*\\.\\s*sleep\\b|\\bTimeUnit\\s*\\.\\s*\\w+\\s*\\.\\s*sleep\\b|\\bparkNanos\\b");
    /** {@code printStackTrace} without a stream writes to the standard one. */
    private static final Pattern STREAMS =
            Pattern.compile("\\bSystem\\s*\\.\\s*(out|err)\\b|\\bprintStackTrace\\s*\\(\\s*\\)");
    private static final Pattern OPEN_END = Pattern.compile("\\b(TODO|FIXME|XXX)\\b(?!\\s*\\(#\\d+\\))");
    private static final Pattern OURS = Pattern.compile("\\bdev(?:\\.[a-z]\\w*)+");
    private static final Pattern LIBC_CLASS = Pattern.compile("\\bpublic\\s+(?:final\\s+)?class\\s+Libc\\b");
    private static final Pattern SEALED = Pattern.compile("\\bsealed\\s+interface\\s+(\\w+)");
    private static final Pattern SWITCH = Pattern.compile("\\bswitch\\s*\\([^{;]*\\{");

    /** Main code only. A package that is not here is one of the director's, which may use all of ours. */
    private static final Map<String, Set<String>> BELOW = Map.ofEntries(
            Map.entry("dev.vipd.netlink", Set.of("dev.vipd.netlink.sys")),
            Map.entry("dev.vipd.netlink.sys", Set.of()),
            Map.entry("dev.vipd.netlink.generic", Set.of("dev.vipd.netlink", "dev.vipd.netlink.sys")),
            Map.entry("dev.vipd.netlink.route", Set.of("dev.vipd.netlink", "dev.vipd.netlink.sys")),
            Map.entry("dev.vipd.netlink.script", Set.of("dev.vipd.netlink.sys")),
            Map.entry("dev.vipd.netlink.connector", Set.of("dev.vipd.netlink", "dev.vipd.netlink.sys")),
            Map.entry("dev.vipd.vrrp", Set.of(
                    "dev.vipd.vrrp.wire", "dev.vipd.netlink.route", "dev.vipd.netlink.script")),
            Map.entry("dev.vipd.vrrp.wire", Set.of("dev.vipd.vrrp")),
            Map.entry("dev.vipd.vrrp.track", Set.of("dev.vipd.vrrp")),
            Map.entry("dev.vipd.vrrp.io", Set.of(
                    "dev.vipd.vrrp", "dev.vipd.vrrp.wire", "dev.vipd.vrrp.track", "dev.vipd.netlink.script",
                    "dev.vipd.netlink", "dev.vipd.netlink.sys", "dev.vipd.netlink.route",
                    "dev.vipd.netlink.connector")),
                        Map.entry("dev.vipd.healthcheck", Set.of("dev.vipd.netlink.script")),
            Map.entry("dev.vipd.healthcheck.dialogue", Set.of("dev.vipd.healthcheck")),
            Map.entry("dev.vipd.healthcheck.pool", Set.of("dev.vipd.healthcheck")),
            Map.entry("dev.vipd.healthcheck.probe", Set.of(
                    "dev.vipd.healthcheck", "dev.vipd.healthcheck.dialogue", "dev.vipd.netlink.sys",
                    "dev.vipd.netlink.script")),
            Map.entry("dev.vipd.ipvs", Set.of()),
            Map.entry("dev.vipd.ipvs.kernel", Set.of(
                    "dev.vipd.ipvs", "dev.vipd.netlink", "dev.vipd.netlink.sys", "dev.vipd.netlink.generic")),
            Map.entry("dev.vipd.ipvs.sync", Set.of(
                    "dev.vipd.ipvs", "dev.vipd.ipvs.kernel", "dev.vipd.netlink", "dev.vipd.netlink.sys")),
            Map.entry("dev.vipd.director.control", Set.of()), // the client starts without anything but the JDK
            Map.entry("dev.vipd.director.json", Set.of()),
            Map.entry("dev.vipd.director.config", Set.of(
                    "dev.vipd.vrrp", "dev.vipd.healthcheck", "dev.vipd.healthcheck.dialogue",
                    "dev.vipd.healthcheck.pool", "dev.vipd.ipvs", "dev.vipd.netlink.route",
                    "dev.vipd.netlink.script")),
            Map.entry("dev.vipd.director.verify", Set.of(
                    "dev.vipd.director.events", "dev.vipd.director.json", "dev.vipd.director.cli")));

    /** A library by its root package, and the package that may use it. */
    private static final Map<String, String> LIBRARY_PLACES = new TreeMap<>(Map.of(
            "jnr", "dev.vipd.netlink.sys",
            "io.netty", "dev.vipd.healthcheck.probe",
            "org.yaml", "dev.vipd.director.config",
            "io.micrometer", "dev.vipd.director.metrics",
            "ch.qos", "dev.vipd.director.events",
            "org.slf4j", "dev.vipd.director.events"));

    private final String text;
    private final Function<JavaSource, List<String>> check;

    TidyRules(String text, Function<JavaSource, List<String>> check) {
        this.text = text;
        this.check = check;
    }

    /** Each breach as {@code path:line: what}. */
    List<String> breaches(JavaSource source) {
        return check.apply(source);
    }

    @Override
    public String toString() {
        return text;
    }

    private static List<String> fileLength(JavaSource source) {
        int lines = source.lines().size() - (source.lines().getLast().isEmpty() ? 1 : 0);
        return lines <= LINES_MAX ? List.of() : List.of(source.path() + ":" + lines + ": lines");
    }

    private static List<String> functionLength(JavaSource source) {
        return source.functions().stream()
                .filter(function -> function.length() > FUNCTION_LINES_MAX)
                .map(f -> source.path() + ":" + f.firstLine() + ": " + f.name() + " has " + f.length() + " lines")
                .toList();
    }

    private static List<String> columns(JavaSource source) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < source.lines().size(); i++) {
            String line = source.lines().get(i);
            int columns = line.codePointCount(0, line.length());
            if (columns > COLUMNS_MAX || line.contains("\t")) {
                all.add(source.path() + ":" + (i + 1) + ": " + columns + " columns, or a tab");
            }
        }
        return all;
    }

    private static List<String> pure(JavaSource source) {
        boolean isPure = PURE_PLACES.contains(source.packageName()) || PURE_PLACES.contains(source.className());
        return source.isMain() && isPure ? source.findings(IMPURE, "not pure") : List.of();
    }

    private static List<String> nameService(JavaSource source) {
        return source.findings(NAMES, "asks a name server");
    }

    private static List<String> disabled(JavaSource source) {
        return source.findings(DISABLED_TEST, "a test that does not run");
    }

    private static List<String> packages(JavaSource source) {
        Set<String> below = BELOW.get(source.packageName());
        if (!source.isMain() || below == null && source.packageName().startsWith("dev.vipd.director")) {
            return List.of();
        }
        if (below == null) {
            return List.of(source.path() + ":1: " + source.packageName() + " is not in the table of packages");
        }
        Set<String> used = new TreeSet<>();
        Matcher matcher = OURS.matcher(source.code());
        while (matcher.find()) {
            used.add(matcher.group());
        }
        used.remove(source.packageName());
        used.removeAll(below);
        return used.stream().map(name -> source.path() + ":1: may not use " + name).toList();
    }

    private static List<String> libraries(JavaSource source) {
        List<String> all = new ArrayList<>();
        LIBRARY_PLACES.forEach((library, place) -> {
            if (source.isMain() && !source.packageName().equals(place)) {
                Pattern uses = Pattern.compile("(?<![\\w.])" + Pattern.quote(library) + "\\.[\\w.]+");
                all.addAll(source.findings(uses, "belongs in " + place));
            }
        });
        return all;
    }

    private static List<String> libc(JavaSource source) {
        return source.findings(LIBC_CLASS, "is seen outside");
    }

    private static List<String> output(JavaSource source) {
        return source.isMain() ? source.findings(STREAMS, "writes past the log") : List.of();
    }

    private static List<String> openEnds(JavaSource source) {
        List<String> all = new ArrayList<>();
        Matcher matcher = OPEN_END.matcher(source.comments());
        while (matcher.find()) {
            all.add(source.path() + ":" + source.lineOf(matcher.start()) + ": " + matcher.group());
        }
        return all;
    }

    private static List<String> sleep(JavaSource source) {
        return source.isTest() ? source.findings(SLEEPS, "sleeps") : List.of();
    }

    /**
     * Seen by the labels: {@code case VrrpEvent.Startup s} beside {@code default}, with {@code VrrpEvent} one of the
     * sealed interfaces that a test of all sources finds.
     */
    private static List<String> sealedDefault(JavaSource source) {
        List<String> all = new ArrayList<>();
        Matcher matcher = SWITCH.matcher(source.code());
        while (matcher.find()) {
            int open = matcher.end() - 1;
            String body = topLevel(source.code().substring(open + 1, source.closing(open)));
            boolean overOurs = SEALED_TYPES.stream().anyMatch(
                    type -> Pattern.compile("\\bcase\\s+" + type + "\\s*\\.\\s*[A-Z]\\w*").matcher(body).find());
            if (overOurs && Pattern.compile("\\bdefault\\s*(->|:)").matcher(body).find()) {
                all.add(source.path() + ":" + source.lineOf(open) + ": switch with a default");
            }
        }
        return all;
    }

    /** Names of the sealed interfaces; filled by whoever has all sources. */
    static final Set<String> SEALED_TYPES = new TreeSet<>();

    static Set<String> sealedTypes(JavaSource source) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = SEALED.matcher(source.code());
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** The text without what stands in braces inside it. */
    private static String topLevel(String body) {
        StringBuilder out = new StringBuilder();
        int depth = 0;
        for (char c : body.toCharArray()) {
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            out.append(depth == 0 ? c : ' ');
        }
        return out.toString();
    }
}
