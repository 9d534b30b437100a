package dev.vipd.director.cli;

import dev.vipd.director.control.ControlClient;
import dev.vipd.director.table.KernelLook;
import dev.vipd.director.table.TableForm;
import dev.vipd.ipvs.JudgedTable;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** {@code vipd ipvs}: the kernel's table, by the daemon or, where none runs, without its judgement. */
final class IpvsCommand {
    private static final Option RATES =
            new Option(List.of("--rate", "--rates"), "", "show what it is a second, as the kernel estimates it");
    private static final Option STATS = new Option(List.of("--stats"), "", "show counts since each row was added");
    private static final Option SAVE = new Option(List.of("--save"), "", "print what ipvsadm-restore reads");

    static final List<Option> OPTIONS = List.of(RATES, STATS, SAVE);

    private IpvsCommand() {}

    static int run(Args args, PrintStream out, PrintStream err) throws Exception {
        args.noOperands();
        TableForm form = form(args);
        try {
            ControlClient.Response response = ControlClient.ask(args.socket(), form.command());
            (response.ok() ? out : err).print(response.text());
            return response.ok() ? 0 : Cli.FAILED;
        } catch (ControlClient.NotRunningException e) {
            err.println("vipd ipvs: " + e.getMessage());
            KernelLook look = KernelLook.read();
            err.println("vipd ipvs: this is the kernel's table; without the daemon nobody can say which rows are ours");
            out.print(form.text(JudgedTable.unjudged(look.observation()), Optional.of(look.info())));
            return 0;
        }
    }

    private static TableForm form(Args args) throws UsageException {
        long asked = List.of(RATES, STATS, SAVE).stream().filter(args::has).count();
        if (asked > 1) {
            throw new UsageException("give one of --rates, --stats and --save");
        }
        if (args.json() && args.has(SAVE)) {
            throw new UsageException("--save has one form: leave --json out");
        }
        return args.json() ? TableForm.JSON
                : args.has(SAVE) ? TableForm.SAVE
                : args.has(RATES) ? TableForm.RATES
                : args.has(STATS) ? TableForm.STATS
                : TableForm.LIST;
    }
}
