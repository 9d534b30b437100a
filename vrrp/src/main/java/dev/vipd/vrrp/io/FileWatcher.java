package dev.vipd.vrrp.io;

import dev.vipd.netlink.sys.Fd;
import dev.vipd.netlink.sys.Inotify;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.vrrp.TrackFileConfig;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.track.FileNumber;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** One of {@code track_file}: reads it when its folder tells of it. */
final class FileWatcher implements Watcher {
    private static final long RETRY_NS = 1_000_000_000L;
    private static final int BYTES_MAX = 128;

    private final TrackerId id;
    private final TrackFileConfig config;
    private final WatchedTrackers.Reports reports;
    private final Path file;
    /** Null until there is one to be had: the kernel allows a user but so many. */
    private Inotify inotify;
    private boolean begun;
    private boolean watching;
    private boolean complained;
    private long retryNs;

    FileWatcher(TrackerId id, TrackFileConfig config, WatchedTrackers.Reports reports) {
        this.id = id;
        this.config = config;
        this.reports = reports;
        file = Path.of(config.file());
    }

    @Override
    public List<Fd> fds() {
        return inotify == null ? List.of() : List.of(inotify.fd());
    }

    @Override
    public OptionalLong nextDeadlineNs() {
        return watching ? OptionalLong.empty() : OptionalLong.of(retryNs);
    }

    @Override
    public void act(long nowNs) {
        if (!begun) {
            begun = true;
            config.init().ifPresent(this::initialize);
            watch(nowNs);
        }
        if (!watching && nowNs - retryNs >= 0) {
            watch(nowNs);
        }
        if (changed()) {
            tell();
        }
    }

    @Override
    public void close() {
        if (inotify != null) {
            inotify.close();
        }
    }

    /** The folder is watched first and then the file read, so that nothing falls between. */
    private void watch(long nowNs) {
        try {
            if (inotify == null) {
                inotify = new Inotify();
            }
            inotify.watch(file.getParent());
            watching = true;
            complained = false;
        } catch (SysException e) {
            retryNs = nowNs + RETRY_NS;
            if (!complained) {
                String what = inotify == null
                        ? "; raise fs.inotify.max_user_instances; changes are not noticed until then"
                        : "; create the folder, the number is 0 until then";
                reports.trouble(id, e.getMessage() + what);
            }
            complained = true;
        }
        tell();
    }

    private boolean changed() {
        boolean changed = false;
        if (inotify == null) {
            return false;
        }
        try {
            for (Inotify.Change change : inotify.read()) {
                switch (change) {
                    case Inotify.Change.Entry(int _, String name) ->
                            changed |= name.equals(file.getFileName().toString());
                    case Inotify.Change.FolderGone _ -> {
                        watching = false; // another may be in its place already
                        changed = true;
                    }
                    case Inotify.Change.Overflow() -> changed = true;
                }
            }
        } catch (SysException e) {
            throw new UncheckedIOException(e);
        }
        return changed;
    }

    private void tell() {
        FileNumber number = number();
        reports.is(id, TrackerReading.ofNumber(number.value()), number.why());
    }

    private FileNumber number() {
        if (!Files.isRegularFile(file)) { // a pipe would have to be waited for
            return FileNumber.NO_FILE;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return FileNumber.parse(new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new FileNumber(0, "the file can't be read: " + e);
        }
    }

    private void initialize(TrackFileConfig.Init init) {
        if (Files.exists(file) && !init.overwrite()) {
            return;
        }
        try {
            Files.writeString(file, init.value() + "\n");
        } catch (IOException e) {
            reports.trouble(id, "init_file could not be written: " + e);
        }
    }
}
