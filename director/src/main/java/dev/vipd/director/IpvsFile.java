package dev.vipd.director;

import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.sync.IpvsMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The file {@code ipvs} of {@code state_dir}: which services of the kernel's table are ours, and what its settings were
 * before we changed them, so that a process that is killed is not missed. Fields are separated by tabs. It is of one
 * kernel and one network namespace. Not thread-safe.
 */
final class IpvsFile implements IpvsMemory {
    private static final String FILE = "ipvs";
    private static final String WORLD = "kernel";
    private static final String SERVICE = "service";
    private static final String SETTING = "setting";
    /** The last line, without which something is missing. */
    private static final String END = "end";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NETWORK = Path.of("/proc/thread-self/ns/net");

    private final Path file;
    private final String world;
    private final Consumer<String> onTrouble;
    private String told = "";

    /** @param world what has to be the same when it is read again */
    IpvsFile(Path stateDir, String world, Consumer<String> onTrouble) {
        this.file = stateDir.resolve(FILE);
        this.world = world;
        this.onTrouble = onTrouble;
    }

    /**
     * For the running kernel, and the network namespace of the calling thread.
     *
     * @param dryRun    whether it is only read
     * @param onTrouble told in words when it can't be read or written: once, until that is another trouble
     */
    static IpvsMemory open(Path stateDir, boolean dryRun, Consumer<String> onTrouble) {
        String world;
        try {
            world = Files.readString(BOOT_ID).strip() + " " + Files.readSymbolicLink(NETWORK);
        } catch (IOException e) {
            onTrouble.accept("can't tell this kernel from another: " + e + "; mount /proc");
            return IpvsMemory.NONE;
        }
        IpvsFile file = new IpvsFile(stateDir, world, onTrouble);
        return dryRun ? file.readOnly() : file;
    }

    /** Whether something in this kernel and network namespace is ours. */
    static boolean holdsAny(Path stateDir) {
        return !open(stateDir, true, _ -> {}).load().equals(Contents.EMPTY);
    }

    private IpvsMemory readOnly() {
        return new IpvsMemory() {
            @Override
            public Contents load() {
                return IpvsFile.this.load();
            }

            @Override
            public boolean store(Contents contents) {
                return true;
            }
        };
    }

    @Override
    public Contents load() {
        try {
            List<String> lines = Files.readAllLines(file);
            Optional<Contents> read = read(lines);
            if (read.isEmpty()) {
                trouble(file + " is damaged and is ignored: what is ours in the kernel is not known; see with vipd"
                        + " status whether there are services that nobody wants");
            }
            return read.orElse(Contents.EMPTY);
        } catch (NoSuchFileException e) {
            return Contents.EMPTY; // the first start
        } catch (IOException e) {
            trouble("can't read " + file + ": " + e + "; what is ours in the kernel is not known: mend that, or remove"
                    + " the file");
            return Contents.EMPTY;
        }
    }

    /** Empty when it is not as {@link #store} wrote it. */
    private Optional<Contents> read(List<String> lines) {
        Map<ServiceKey, String> services = new HashMap<>();
        Map<String, Change> settings = new HashMap<>();
        boolean ours = true;
        for (String line : lines.subList(0, Math.max(0, lines.size() - 1))) {
            String[] words = line.split("\t", -1);
            Optional<ServiceKey> key = words.length < 2 ? Optional.empty() : ServiceKey.parse(words[1]);
            if (words[0].equals(WORLD) && words.length == 2) {
                ours = words[1].equals(world);
            } else if (words[0].equals(SERVICE) && words.length == 3 && key.isPresent()) {
                services.put(key.get(), words[2]);
            } else if (words[0].equals(SETTING) && words.length == 4) {
                settings.put(words[1], new Change(words[2], words[3]));
            } else if (!line.startsWith("#")) {
                return Optional.empty();
            }
        }
        if (lines.isEmpty() || !lines.getLast().equals(END)) {
            return Optional.empty();
        }
        return Optional.of(ours ? new Contents(services, settings) : Contents.EMPTY);
    }

    @Override
    public boolean store(Contents contents) {
        List<String> lines = new ArrayList<>(List.of(
                "# kept by vipd: services of IPVS that are its own, and what settings were before it changed them",
                WORLD + "\t" + world));
        Map<String, String> services = new TreeMap<>();
        contents.services().forEach((key, name) -> services.put(key.toString(), plain(name)));
        services.forEach((key, name) -> lines.add(SERVICE + "\t" + key + "\t" + name));
        new TreeMap<>(contents.settings()).forEach((key, change) -> lines.add(
                SETTING + "\t" + key + "\t" + plain(change.before()) + "\t" + plain(change.ours())));
        lines.add(END);
        try {
            StateFile.replace(file, lines);
            told = "";
            return true;
        } catch (IOException e) {
            trouble(e.getMessage() + "; until then nothing of it is known after the process was killed, and services"
                    + " that left the configuration meanwhile stay in the kernel's table");
            return false;
        }
    }

    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private void trouble(String what) {
        if (!what.equals(told)) {
            told = what;
            onTrouble.accept(what);
        }
    }
}
