package dev.vipd.director.realserver;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** {@code vipd realserver apply} and {@code undo}, on this host. */
public final class RealServerSetup {
    private static final String BOOT_ID = "kernel/random/boot_id";

    private final Host host;
    private final Path stateFile;
    private final Consumer<String> told;

    /**
     * What comes after a reboot.
     *
     * @param binary this program
     * @param apply  arguments that repeat this apply
     * @param undo   arguments that take it back
     */
    public record Boot(String binary, List<String> apply, List<String> undo) {}

    /** @param told gets a line for each step */
    public RealServerSetup(Path stateFile, Consumer<String> told) {
        this(Host.here(), stateFile, told);
    }

    RealServerSetup(Host host, Path stateFile, Consumer<String> told) {
        this.host = host;
        this.stateFile = stateFile;
        this.told = told;
    }

    /** @throws IOException when a step failed; nothing is changed then */
    public void apply(RealServerOptions options) throws IOException {
        setup().apply(options);
    }

    /** @throws IOException when it can't be done at boot, or a step failed; nothing is changed then */
    public void applyAtBoot(RealServerOptions options, Boot boot) throws IOException {
        List<String> vips = names(options.vips());
        BootUnit unit = new BootUnit(host, told);
        List<String> line = new ArrayList<>(List.of(boot.binary(), "realserver", "apply"));
        line.addAll(boot.apply());
        unit.check(vips, line);
        apply(options);
        unit.write(boot.binary(), vips, boot.apply(), boot.undo());
    }

    /**
     * Takes back what apply has changed for these VIPs.
     *
     * @param keepBoot whether the unit stays
     */
    public void undo(List<InetAddress> vips, boolean keepBoot) throws IOException {
        setup().undo(vips);
        if (!keepBoot) {
            new BootUnit(host, told).remove(names(vips));
        }
    }

    private Setup setup() throws IOException {
        return new Setup(host, StateFile.load(stateFile, host.setting(BOOT_ID).orElse("unknown")), told);
    }

    private static List<String> names(List<InetAddress> vips) {
        return vips.stream().map(RealServerOptions::text).toList();
    }
}
