package dev.vipd.director.cli;

import java.util.List;

/** Entry point of {@code vipd}, and the table of its commands. */
public final class Main {
    /** {@code vipd run}: the configuration file. */
    public static final Option CONFIG =
            new Option(List.of("-c", "--config"), "FILE", "configuration (default /etc/vipd/vipd.yaml)");

    /** {@code vipd run}: changes nothing. */
    public static final Option DRY_RUN = new Option(
            List.of("--dry-run"), "", "decide everything, but send nothing and change nothing in the kernel; log it");

    /** {@code vipd drain}: does not return before the end. */
    public static final Option WAIT =
            new Option(List.of("--wait"), "", "print the connections left each second until it is drained");

    /** {@code vipd drain --wait}: but no longer. */
    public static final Option TIMEOUT =
            new Option(List.of("--timeout"), "SECONDS", "wait no longer; the drain goes on (default: no limit)");

    private static final List<Option> NONE = List.of();

    private Main() {}

    public static void main(String[] args) {
        int status = Cli.FAILED;
        try {
            status = new Cli(commands()).run(List.of(args), System.out, System.err);
        } catch (Error e) {
            e.printStackTrace();
        }
        System.exit(status); // also with threads of a daemon that failed still alive
    }

    /** Method references: a handler's class is initialised when its command runs and not before. */
    public static List<Command> commands() {
        return List.of(
                new Command("run", "[-c FILE] [--dry-run]", "Run the daemon in the foreground",
                        List.of(CONFIG, DRY_RUN),
                        List.of("0  stopped in an orderly way", "1  could not start, or failed, with the reason"),
                        RunCommand::run),
                new Command("check", "FILE", "Validate a configuration and print every finding", NONE,
                        List.of("0  no errors", "1  errors"), CheckCommand::run),
                new Command("doctor", "[-c FILE]", "Look for what is wrong with this host for a configuration, and who"
                        + " answers for its VIPs", List.of(CONFIG),
                        List.of("0  no errors", "1  errors"), DoctorCommand::run),
                new Command("status", "", "Show instances, trackers, services, real servers and the kernel's table",
                        NONE, List.of("0  shown", "1  failed", "3  the daemon is not running"),
                        ControlCommands::status),
                new Command("ipvs", "[--rates|--stats|--save]",
                        "Show the kernel's IPVS table as ipvsadm does, and what vipd thinks of each row",
                        List.of("The last column: ours, foreign (not in the configuration: left alone), draining or"
                                + " drained, drifted,",
                                "missing (wanted, and not in the kernel), fallback scheduler. When the daemon is not"
                                + " running the",
                                "kernel is read without it, which needs CAP_NET_ADMIN, and no row is judged."),
                        IpvsCommand.OPTIONS,
                        List.of("0  shown", "1  the kernel's table can't be read, with the reason"),
                        IpvsCommand::run),
                new Command("reload", "", "Make the daemon read its configuration again", NONE,
                        List.of("0  applied", "1  refused, with the findings", "3  the daemon is not running"),
                        ControlCommands::reload),
                new Command("failover", "INSTANCE", "Hand an instance over to the peer", NONE,
                        List.of("0  the peer has it", "1  refused, or no peer took it, with the reason",
                                "3  the daemon is not running"),
                        ControlCommands::failover),
                new Command("maintenance", "on|off [INSTANCE]",
                        "Take an instance, or the whole node, out of service; kept over restart and reboot", NONE,
                        List.of("0  done", "1  refused, with the reason", "3  the daemon is not running"),
                        ControlCommands::maintenance),
                server("drain", "SERVICE SERVER",
                        "Give a real server no new connections, and take it out of the table when it has none;"
                                + " kept over restart and reboot",
                        List.of(WAIT, TIMEOUT),
                        (args, out, err) -> ControlCommands.drain("SERVICE SERVER", args, out, err)),
                server("disable", "SERVICE SERVER",
                        "Take a real server out of the table; kept over restart and reboot"),
                server("enable", "SERVICE SERVER", "End drain and disable: its health decides again"),
                server("weight", "SERVICE SERVER N|default",
                        "Give a real server another weight than configured; kept over restart and reboot"),
                new Command("realserver", "print|apply|undo VIP...",
                        "Set this host up as a real server for DR or TUN, without a daemon and a configuration",
                        List.of("print  show it as a shell script", "apply  do it, or nothing if a step fails",
                                "undo   take back exactly what apply has changed",
                                "VIP    address of a virtual server"),
                        RealServerHandler.OPTIONS, List.of("0  done", "1  failed, with the reason"),
                        RealServerHandler::run),
                new Command("verify", "NODE=LOG...", "Judge failovers from the logs of the directors",
                        VerifyHandler.OPTIONS,
                        List.of("0  proved", "1  violated", "2  inconclusive: evidence is missing"),
                        VerifyHandler::run));
    }

    /** A command about one real server, which the daemon understands word by word. */
    private static Command server(String name, String synopsis, String summary) {
        return server(name, synopsis, summary, NONE,
                (args, out, err) -> ControlCommands.server(name, synopsis, args, out, err));
    }

    private static Command server(
            String name, String synopsis, String summary, List<Option> options, Handler handler) {
        return new Command(name, synopsis, summary,
                List.of("SERVICE  name of a virtual server", "SERVER   address of one of its real servers, such as"
                        + " 192.0.2.11:80; the port may be left out where that is clear"),
                options,
                List.of("0  done", options.contains(WAIT)
                        ? "1  refused, or not drained in the end, with the reason"
                        : "1  refused, with the reason", "3  the daemon is not running"), handler);
    }
}
