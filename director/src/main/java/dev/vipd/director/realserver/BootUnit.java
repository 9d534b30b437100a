package dev.vipd.director.realserver;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The systemd unit that applies it at each boot. */
final class BootUnit {
    private static final String NAME = "vipd-realserver.service";
    private static final String FOR = "# for ";

    private final Host host;
    private final Consumer<String> told;
    private final Path file;
    private final Path link;

    BootUnit(Host host, Consumer<String> told) {
        this.host = host;
        this.told = told;
        Path folder = host.root().resolve("etc/systemd/system");
        file = folder.resolve(NAME);
        link = folder.resolve("multi-user.target.wants").resolve(NAME);
    }

    /**
     * Whether there can be one for these VIPs.
     *
     * @param vips    all that it is to apply
     * @param command what to run at each boot
     * @throws IOException with what to do, where systemd is missing or the unit that is there is for others too
     */
    void check(List<String> vips, List<String> command) throws IOException {
        if (!Files.isDirectory(file.getParent())) {
            throw new IOException("there is no systemd here (" + file.getParent() + " is missing); have your init run"
                    + " this at boot, after sysctl settings and network: " + String.join(" ", command));
        }
        List<String> others = new ArrayList<>(vips());
        others.removeAll(vips);
        if (!others.isEmpty()) {
            throw new IOException(file + " is for " + String.join(" ", others) + " too; name all VIPs of this host in"
                    + " one apply --boot, or undo those first");
        }
    }

    /**
     * Writes and enables it.
     *
     * @param apply arguments of apply, without {@code --boot}
     * @param undo  arguments of undo
     */
    void write(String binary, List<String> vips, List<String> apply, List<String> undo) throws IOException {
        Files.writeString(file, text(binary, vips, apply, undo));
        told.accept(file + ": written");
        if (!systemctl("daemon-reload") || !systemctl("enable")) {
            Files.createDirectories(link.getParent());
            try {
                Files.createSymbolicLink(link, Path.of("..", NAME));
            } catch (FileAlreadyExistsException e) {
                // enabled before
            }
            told.accept(link + ": links to it");
        }
    }

    /** Takes VIPs from it, and removes it with the last one. */
    void remove(List<String> vips) throws IOException {
        List<String> others = new ArrayList<>(vips());
        if (!others.removeAll(vips)) {
            return;
        }
        if (!others.isEmpty()) {
            Files.write(file, Files.readAllLines(file).stream().map(line -> without(line, vips)).toList());
            systemctl("daemon-reload");
            told.accept(file + ": only for " + String.join(" ", others) + " now");
            return;
        }
        systemctl("disable");
        Files.deleteIfExists(link);
        Files.deleteIfExists(file);
        systemctl("daemon-reload");
        told.accept(file + ": removed");
    }

    private static String without(String line, List<String> vips) {
        return line.startsWith(FOR) || line.startsWith("Exec")
                ? Stream.of(line.split(" ")).filter(word -> !vips.contains(word)).collect(Collectors.joining(" "))
                : line;
    }

    /** After what sets sysctls and the network's own scripts, which might undo it; before who binds a VIP. */
    static String text(String binary, List<String> vips, List<String> apply, List<String> undo) {
        return """
                # Written by vipd realserver apply --boot, removed by vipd realserver undo.
                %s%s
                [Unit]
                Description=Real server of LVS
                After=systemd-sysctl.service systemd-modules-load.service network.target
                Before=network-online.target

                [Service]
                Type=oneshot
                RemainAfterExit=yes
                ExecStart=%s realserver apply %s
                ExecStop=%s realserver undo --keep-boot %s

                [Install]
                WantedBy=multi-user.target
                """.formatted(FOR, String.join(" ", vips), binary, String.join(" ", apply), binary,
                        String.join(" ", undo));
    }

    private List<String> vips() throws IOException {
        try {
            return Files.readAllLines(file).stream().filter(line -> line.startsWith(FOR)).findFirst()
                    .map(line -> List.of(line.substring(FOR.length()).split(" "))).orElse(List.of());
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Whether systemd did it: it may be installed without running, as in a chroot. */
    private boolean systemctl(String action) throws IOException {
        if (!Files.isDirectory(host.root().resolve("run/systemd/system")) || host.program("systemctl").isEmpty()) {
            return false;
        }
        Host.Result result = host.run(action.equals("daemon-reload")
                ? List.of("systemctl", action) : List.of("systemctl", action, NAME));
        if (!result.ok()) {
            told.accept("systemctl " + action + ": " + result.reason());
        }
        return result.ok();
    }
}
