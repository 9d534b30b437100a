package dev.vipd.director.doctor.io;

import dev.vipd.director.doctor.Facts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which modules of IPVS the running kernel has: loaded, built in, or in a file for modprobe. */
final class ModuleFiles {
    private static final List<String> NFT = List.of("usr/sbin/nft", "sbin/nft", "usr/bin/nft", "bin/nft");
    private static final String PREFIX = "ip_vs";

    private ModuleFiles() {}

    /** @param root what stands for {@code /} */
    static Facts.Modules read(Path root) {
        Set<String> there = new HashSet<>();
        try (Stream<String> lines = lines(root.resolve("proc/modules"))) {
            lines.map(line -> line.split(" ", 2)[0]).filter(name -> name.startsWith(PREFIX)).forEach(there::add);
        } catch (IOException e) {
            // a kernel without modules: what it has is built in
        }
        boolean complete = false;
        try {
            String release = Files.readString(root.resolve("proc/sys/kernel/osrelease")).strip();
            Path folder = root.resolve("lib/modules").resolve(release);
            for (String list : List.of("modules.dep", "modules.builtin")) {
                try (Stream<String> lines = lines(folder.resolve(list))) {
                    lines.map(ModuleFiles::name).filter(name -> name.startsWith(PREFIX)).forEach(there::add);
                    complete |= list.equals("modules.dep");
                }
            }
        } catch (IOException e) {
            // a container: only what is loaded can be seen
        }
        boolean nft = NFT.stream().anyMatch(place -> Files.isExecutable(root.resolve(place)));
        return new Facts.Modules(there, complete, nft);
    }

    private static Stream<String> lines(Path file) throws IOException {
        return Files.lines(file, StandardCharsets.ISO_8859_1);
    }

    /** {@code kernel/net/netfilter/ipvs/ip_vs_rr.ko.zst: ...} is ip_vs_rr. */
    private static String name(String line) {
        String path = line.split(":", 2)[0].strip();
        String file = path.substring(path.lastIndexOf('/') + 1);
        int end = file.indexOf(".ko");
        return (end < 0 ? file : file.substring(0, end)).replace('-', '_');
    }
}
