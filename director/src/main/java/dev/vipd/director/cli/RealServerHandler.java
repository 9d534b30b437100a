package dev.vipd.director.cli;

import dev.vipd.director.realserver.RealServerOptions;
import dev.vipd.director.realserver.RealServerOptions.Encapsulation;
import dev.vipd.director.realserver.RealServerSetup;
import dev.vipd.director.realserver.Script;
import dev.vipd.ipvs.ForwardingMethod;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The command line of {@code vipd realserver}. */
final class RealServerHandler {
    private static final String DEFAULT_STATE = "/var/lib/vipd/realserver";
    private static final int PORT_MAX = 65535;

    private static final Option KIND = new Option(List.of("--kind"), "DR|TUN", "lb_kind at the director (default DR)");
    private static final Option TUNNEL = new Option(
            List.of("--tunnel"), "ipip|gue|gre", "how the director wraps packets, with TUN (default ipip)");
    private static final Option OUTER = new Option(List.of("--outer"), "ipv4|ipv6",
            "family of this host's address at the director, with TUN (default that of the VIP)");
    private static final Option PORT =
            new Option(List.of("--port"), "N", "UDP port of gue (default " + RealServerOptions.GUE_PORT + ")");
    private static final Option DEVICE = new Option(List.of("--device"), "DEV",
            "where the VIPs go with DR: a dummy device, made if it is missing (default lo)");
    private static final Option STATE = new Option(List.of("--state"), "FILE",
            "where apply remembers what undo takes back (default " + DEFAULT_STATE + ")");
    private static final Option BOOT =
            new Option(List.of("--boot"), "", "apply it at each boot too, by a systemd unit that undo removes");
    private static final Option KEEP_BOOT =
            new Option(List.of("--keep-boot"), "", "undo leaves that unit, which is what the unit itself does");

    static final List<Option> OPTIONS =
            List.of(KIND, TUNNEL, OUTER, PORT, DEVICE, STATE, BOOT, KEEP_BOOT);

    private RealServerHandler() {}

    static int run(Args args, PrintStream out, PrintStream err) throws Exception {
        if (args.operands().isEmpty()) {
            throw new UsageException("give print, apply or undo, and the VIPs");
        }
        String action = args.operands().getFirst();
        if (!List.of("print", "apply", "undo").contains(action)) {
            throw UsageException.unknown("action", action, List.of("print", "apply", "undo"));
        }
        if (action.equals("print") && args.has(BOOT)) {
            throw new UsageException("--boot goes with apply");
        }
        if (!action.equals("undo") && args.has(KEEP_BOOT)) {
            throw new UsageException("--keep-boot goes with undo");
        }
        RealServerOptions options = options(args);
        RealServerSetup setup = new RealServerSetup(Path.of(args.value(STATE).orElse(DEFAULT_STATE)), out::println);
        switch (action) {
            case "print" -> out.print(Script.of(options));
            case "undo" -> setup.undo(options.vips(), args.has(KEEP_BOOT));
            default -> {
                if (args.has(BOOT)) {
                    setup.applyAtBoot(options, boot(args, options));
                } else {
                    setup.apply(options);
                }
            }
        }
        return 0;
    }

    private static RealServerOptions options(Args args) throws UsageException {
        List<InetAddress> vips = new ArrayList<>();
        for (String word : args.operands().subList(1, args.operands().size())) {
            vips.add(RealServerOptions.address(word).orElseThrow(() -> new UsageException(
                    word + " is no address of a virtual server; give it without prefix and port, as 192.0.2.100")));
        }
        if (vips.isEmpty()) {
            throw new UsageException("VIP is missing: the virtual server's address");
        }
        ForwardingMethod kind = "TUN".equals(word(args, KIND, "DR", List.of("DR", "TUN")))
                ? ForwardingMethod.TUN : ForwardingMethod.DR;
        for (Option option : List.of(TUNNEL, OUTER, PORT)) {
            if (kind == ForwardingMethod.DR && args.has(option)) {
                throw new UsageException(option.names().getLast() + " goes with --kind TUN");
            }
        }
        if (kind == ForwardingMethod.TUN && args.has(DEVICE)) {
            throw new UsageException("--device goes with DR; with TUN the VIP has to be on the tunnel's own device,"
                    + " since rp_filter drops what comes by a device that has no address");
        }
        Encapsulation tunnel = Encapsulation.valueOf(
                word(args, TUNNEL, "ipip", List.of("ipip", "gue", "gre")).toUpperCase(Locale.ROOT));
        if (args.has(PORT) && tunnel != Encapsulation.GUE) {
            throw new UsageException("--port goes with --tunnel gue");
        }
        Optional<Integer> outer = args.has(OUTER)
                ? Optional.of(word(args, OUTER, "", List.of("ipv4", "ipv6")).equals("ipv4") ? 4 : 6)
                : Optional.empty();
        return new RealServerOptions(vips, kind, tunnel, outer, port(args), device(args));
    }

    private static String word(Args args, Option option, String otherwise, List<String> known) throws UsageException {
        String word = args.value(option).orElse(otherwise);
        return known.stream().filter(word::equalsIgnoreCase).findFirst().orElseThrow(() ->
                UsageException.unknown(option.names().getLast(), word, known));
    }

    private static int port(Args args) throws UsageException {
        String word = args.value(PORT).orElse(String.valueOf(RealServerOptions.GUE_PORT));
        int port = word.matches("[0-9]{1,5}") ? Integer.parseInt(word) : 0;
        if (port < 1 || port > PORT_MAX) {
            throw new UsageException("--port " + word + " is out of range; give 1..65535");
        }
        return port;
    }

    /** As the kernel's dev_valid_name has it, and nothing that a shell or systemd would take apart. */
    private static String device(Args args) throws UsageException {
        String word = args.value(DEVICE).orElse("lo");
        if (!word.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}")) {
            throw new UsageException("--device " + word + " is no name of a device");
        }
        return word;
    }

    private static RealServerSetup.Boot boot(Args args, RealServerOptions options) throws IOException {
        List<String> vips = options.vips().stream().map(RealServerOptions::text).toList();
        List<String> state = new ArrayList<>();
        args.value(STATE).ifPresent(file -> state.add("--state=" + Path.of(file).toAbsolutePath()));
        if (!String.join("", state).matches("[A-Za-z0-9/_.=-]*")) {
            throw new IOException("--boot and " + state + ": give a file of letters, digits, - . and _ alone, which"
                    + " systemd leaves as they are");
        }
        List<String> apply = new ArrayList<>(vips);
        for (Option option : List.of(KIND, TUNNEL, OUTER, PORT, DEVICE)) {
            args.value(option).ifPresent(value -> apply.add(option.names().getLast() + "=" + value));
        }
        apply.addAll(state);
        List<String> undo = new ArrayList<>(vips);
        undo.addAll(state);
        return new RealServerSetup.Boot(binary(), apply, undo);
    }

    /** The script that started this: bin/vipd beside the jar's folder. */
    private static String binary() throws IOException {
        Path jar = Path.of(System.getProperty("java.class.path").split(":")[0]).toAbsolutePath().normalize();
        Path binary = jar.resolveSibling("../bin/vipd").normalize();
        if (!Files.isExecutable(binary)) {
            throw new IOException("--boot needs an installed vipd, and there is none at " + binary
                    + "; install it, and run that one");
        }
        return binary.toString();
    }
}
