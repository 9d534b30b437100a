package dev.vipd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the sources of all modules to the rules of the house, and each rule to a piece of code that breaks it. */
class TidyTest {
    /** What may break a rule, and why. One that breaks nothing any more has to go from here. */
    private static final List<Exempt> EXEMPT = List.of(
            new Exempt(TidyRules.PURE, "director/config/ConfigLoader.java", "reads the configuration file"),
            new Exempt(TidyRules.PURE, "director/config/GlobalBinder.java",
                    "the host name is the default of router_id"),
            new Exempt(TidyRules.PURE, "director/verify/VerifyCommand.java", "reads the logs"),
            new Exempt(TidyRules.OUTPUT, "director/cli/Main.java", "the standard streams begin here"));

    private record Exempt(TidyRules rule, String pathEnd, String reason) {
        boolean covers(TidyRules broken, JavaSource source) {
            return rule == broken && source.path().endsWith(pathEnd);
        }
    }

    private static final List<String> MODULES = List.of("netlink", "vrrp", "healthcheck", "ipvs-sync", "director");
    private static List<JavaSource> sources;

    @BeforeAll
    static void readSources() throws IOException {
        Path root = Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
        List<JavaSource> all = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src"))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
                    all.add(JavaSource.of(root.relativize(file).toString(), Files.readString(file)));
                }
            }
        }
        sources = List.copyOf(all);
        sources.forEach(source -> TidyRules.SEALED_TYPES.addAll(TidyRules.sealedTypes(source)));
    }

    @ParameterizedTest
    @EnumSource(TidyRules.class)
    void theSourcesKeepTo(TidyRules rule) {
        List<String> breaches = sources.stream()
                .filter(source -> EXEMPT.stream().noneMatch(exempt -> exempt.covers(rule, source)))
                .flatMap(source -> rule.breaches(source).stream())
                .toList();
        assertTrue(breaches.isEmpty(), () -> rule + ":\n" + String.join("\n", breaches));
    }

    @Test
    void everyExceptionIsNeeded() {
        List<Exempt> idle = EXEMPT.stream()
                .filter(exempt -> sources.stream().noneMatch(
                        source -> exempt.covers(exempt.rule, source) && !exempt.rule.breaches(source).isEmpty()))
                .toList();
        assertEquals(List.of(), idle);
    }

    @Test
    void allModulesWereRead() {
        for (String module : MODULES) {
            assertTrue(sources.stream().anyMatch(s -> s.path().startsWith(module + "/") && s.isMain()), module);
            assertTrue(sources.stream().anyMatch(s -> s.path().startsWith(module + "/") && s.isTest()), module);
        }
        assertTrue(TidyRules.SEALED_TYPES.containsAll(List.of("VrrpEvent", "IpvsOp", "CheckOutcome", "RouteEvent")));
    }

    private static final String VRRP = "vrrp/src/main/java/dev/vipd/vrrp/A.java";
    private static final String DIRECTOR = "director/src/main/java/dev/vipd/director/A.java";
    private static final String TEST = "vrrp/src/test/java/dev/vipd/vrrp/ATest.java";

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of(TidyRules.FILE_LENGTH, TEST, "package a;\n".repeat(401)),
                Arguments.of(TidyRules.FUNCTION_LENGTH, TEST, "class A {\n    void a() {\n" + "\n".repeat(59) + "}\n}"),
                Arguments.of(TidyRules.COLUMNS, TEST, "// " + "x".repeat(118)),
                Arguments.of(TidyRules.COLUMNS, TEST, "\tint a;"),
                Arguments.of(TidyRules.PURE, VRRP, "package dev.vipd.vrrp;\nlong a = System.nanoTime();"),
                Arguments.of(TidyRules.PURE, VRRP, "package dev.vipd.vrrp;\nvoid a() { new Random(1); }"),
                Arguments.of(TidyRules.PURE, VRRP, "package dev.vipd.vrrp;\nimport java.util.concurrent.Future;"),
                Arguments.of(TidyRules.PURE, VRRP, "package dev.vipd.vrrp;\nimport java.net.ServerSocket;"),
                Arguments.of(TidyRules.PURE, VRRP, "package dev.vipd.vrrp;\nvar a = LocalDateTime.now();"),
                Arguments.of(TidyRules.PURE, VRRP, "package dev.vipd.vrrp;\nvoid a() { System.out.println(); }"),
                Arguments.of(TidyRules.PURE, DIRECTOR.replace("A.java", "HealthBoard.java"),
                        "package dev.vipd.director;\nThread a;"),
                Arguments.of(TidyRules.NAME_SERVICE, DIRECTOR, "var a = InetAddress.getByName(b);"),
                Arguments.of(TidyRules.NAME_SERVICE, TEST, "a.map(InetSocketAddress::getHostName);"),
                Arguments.of(TidyRules.PACKAGES, VRRP, "package dev.vipd.vrrp;\nimport dev.vipd.ipvs.RealServer;"),
                Arguments.of(TidyRules.PACKAGES, VRRP, "package dev.vipd.vrrp;\nimport dev.vipd.vrrp.io.VrrpLoop;"),
                Arguments.of(TidyRules.PACKAGES, VRRP, "package dev.vipd.vrrp;\ndev.vipd.director.Version a;"),
                Arguments.of(TidyRules.PACKAGES, VRRP, "package dev.vipd.common;"),
                Arguments.of(TidyRules.LIBRARIES, DIRECTOR, "package dev.vipd.director;\nimport jnr.ffi.Runtime;"),
                Arguments.of(TidyRules.LIBRARIES, DIRECTOR, "package dev.vipd.director;\norg.yaml.snakeyaml.Yaml a;"),
                Arguments.of(TidyRules.LIBC, "netlink/src/main/java/A.java", "public final class Libc {}"),
                Arguments.of(TidyRules.OUTPUT, DIRECTOR, "void a() { System.err.println(b); }"),
                Arguments.of(TidyRules.OPEN_ENDS, TEST, "int a; // TODO later"),
                Arguments.of(TidyRules.OPEN_ENDS, TEST, "/* FIXME */"),
                Arguments.of(TidyRules.DISABLED, TEST, "@Disabled(\"flaky\") @Test void a() {}"),
                Arguments.of(TidyRules.SLEEP, TEST, "void a() { Thread.sleep(1); }"),
                Arguments.of(TidyRules.SLEEP, TEST, "void a() { TimeUnit.SECONDS.sleep(1); }"),
                Arguments.of(TidyRules.SEALED_DEFAULT, VRRP,
                        "int a = switch (e) { case VrrpEvent.Startup s -> { f(); } default -> 2; };"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void seesTheBreach(TidyRules rule, String path, String text) {
        assertFalse(rule.breaches(JavaSource.of(path, text)).isEmpty());
    }

    static Stream<Arguments> good() {
        String quoted = "// System.nanoTime()\nString a = \"Thread \\\" new Random(\"; String b = "
                + "\"\"\"\n  Clock \" \"\"\";";
        return Stream.of(
                Arguments.of(TidyRules.FILE_LENGTH, TEST, "package a;\n".repeat(400)),
                Arguments.of(TidyRules.FUNCTION_LENGTH, TEST, "class A {\n    void a() {\n" + "\n".repeat(58) + "}\n}"),
                Arguments.of(TidyRules.FUNCTION_LENGTH, TEST, "class A {" + "\n".repeat(99) + "}"),
                Arguments.of(TidyRules.COLUMNS, TEST, "// " + "é".repeat(117)),
                Arguments.of(TidyRules.PURE, VRRP, "package dev.vipd.vrrp;\n" + quoted),
                Arguments.of(TidyRules.PURE, TEST, "package dev.vipd.vrrp;\nlong a = System.nanoTime();"),
                Arguments.of(TidyRules.PURE, DIRECTOR, "package dev.vipd.director;\nlong a = System.nanoTime();"),
                Arguments.of(TidyRules.NAME_SERVICE, DIRECTOR, "var a = InetAddress.ofLiteral(b);"),
                Arguments.of(TidyRules.PACKAGES, VRRP, "package dev.vipd.vrrp;\nimport dev.vipd.vrrp.wire.Ipv4;"),
                Arguments.of(TidyRules.PACKAGES, DIRECTOR, "package dev.vipd.director;\nimport dev.vipd.vrrp.io.A;"),
                Arguments.of(TidyRules.LIBRARIES, DIRECTOR,
                        "package dev.vipd.director.config;\nimport org.yaml.snakeyaml.Yaml;"),
                Arguments.of(TidyRules.LIBC, "netlink/src/main/java/A.java", "final class Libc {}"),
                Arguments.of(TidyRules.OUTPUT, DIRECTOR, "void a(PrintStream out) { out.println(b); }"),
                Arguments.of(TidyRules.OPEN_ENDS, TEST, "int a; // TODO (#12) later\nString b = \"TODO\";"),
                Arguments.of(TidyRules.DISABLED, TEST, "// @Disabled\n@Test void a() {}"),
                Arguments.of(TidyRules.SLEEP, VRRP, "void a() { Thread.sleep(1); }"),
                Arguments.of(TidyRules.SEALED_DEFAULT, VRRP, """
                        int a = switch (e) {
                            case VrrpEvent.Startup s -> { switch (c) { case 'a' -> f(); default -> g(); } }
                        };
                        int b = switch (type) { case 1 -> 2; default -> 3; };
                        """));
    }

    @ParameterizedTest
    @MethodSource("good")
    void leavesTheRestAlone(TidyRules rule, String path, String text) {
        assertEquals(List.of(), rule.breaches(JavaSource.of(path, text)));
    }

    @Test
    void functionsAreFound() {
        JavaSource source = JavaSource.of("A.java", """
                @Anno(x = "{") record A<T extends Comparable<T>>(int a, int b) implements B {
                    static final Map<String, Integer> M = new HashMap<>() {
                        @Override protected boolean removeEldest(Map.Entry<K, V> e) { return "}" == '}'; }
                    };
                    A {
                        if (a > 1) { a = 2; } else if (b > 2) { b = 3; }
                    }
                    <X> List<X> generic(List<? super X> in) throws IOException, E {
                        for (int i = 0; i < 3; i++) { in.forEach(x -> { f(x); }); }
                        switch (a) { case R(int c) -> { try (var z = q()) { g(); } catch (E e) { h(); } } }
                        synchronized (this) { return null; }
                    }
                    @Test
                    @Source({"a", "b"})
                    void annotated(
                            @In int a,
                            int b) {
                    }
                    enum E { X("a") { @Override int n() { return 1; } }; abstract int n(); }
                    interface I { default int d() { return 1; } }
                }
                """);
        assertEquals(
                List.of(
                        "removeEldest 3-3", "A 5-7", "generic 8-12", "annotated 14-18",
                        "X 19-19", "n 19-19", "d 20-20"),
                source.functions().stream().map(f -> f.name() + " " + f.firstLine() + "-" + f.lastLine()).toList());
    }
}
