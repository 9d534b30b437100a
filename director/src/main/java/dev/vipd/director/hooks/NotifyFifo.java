package dev.vipd.director.hooks;

import dev.vipd.director.config.FifoConfig;
import dev.vipd.netlink.script.Account;
import dev.vipd.netlink.script.Accounts;
import dev.vipd.netlink.sys.Fifo;
import dev.vipd.netlink.sys.SysException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * One {@code notify_fifo}. It is made when it is missing, looked for again before each line, as somebody may have
 * replaced it, and never waited for. What it made stays after the end, for the reader that has it open.
 */
final class NotifyFifo implements AutoCloseable {
    private static final int TYPE = 0170000;
    private static final int FIFO = 0010000;

    private final FifoConfig config;
    private final Path path;
    private final HookLog log;
    private FifoReader reader;
    private Fifo open;
    private Object openFile;

    NotifyFifo(FifoConfig config, HookLog log) {
        this.config = config;
        this.log = log;
        path = Path.of(config.path());
    }

    FifoConfig config() {
        return config;
    }

    /**
     * Makes and opens it if that is to be done.
     *
     * @throws IOException with a message that says what to do
     */
    void prepare() throws IOException {
        Object file = identity();
        if (file == null) {
            make();
            file = identity();
        }
        if (!file.equals(openFile)) {
            closePipe();
            open = Fifo.open(path);
            openFile = file;
        }
        if (reader == null && config.reader().isPresent()) {
            reader = new FifoReader(config, config.reader().get(), log);
        }
    }

    /**
     * Writes a line.
     *
     * @throws IOException when it is lost, with a message that says why
     */
    void write(String line) throws IOException {
        prepare();
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (!open.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip())) {
            throw new IOException(path + " is full, lines are lost: nobody reads it; start its reader");
        }
    }

    @Override
    public void close() {
        closePipe(); // the reader finds its end when it has read what is in it
        if (reader != null) {
            reader.close();
        }
    }

    private void closePipe() {
        if (open != null) {
            open.close();
            open = null;
            openFile = null;
        }
    }

    /** What tells this file from another of the same name; null when there is none. */
    private Object identity() throws IOException {
        try {
            Map<String, Object> is = Files.readAttributes(path, "unix:mode,dev,ino", LinkOption.NOFOLLOW_LINKS);
            if (((int) is.get("mode") & TYPE) != FIFO) {
                throw new IOException(path + " is no named pipe; remove it, or name another notify_fifo");
            }
            return is.get("dev") + ":" + is.get("ino");
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void make() throws IOException {
        Account owner = Accounts.read().resolve(config.owner());
        try {
            Fifo.make(path);
        } catch (SysException e) {
            throw new IOException(path + " can't be made: " + e.getMessage() + "; create its folder, or name another"
                    + " notify_fifo", e);
        }
        Files.setAttribute(path, "unix:gid", owner.gid(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:uid", owner.uid(), LinkOption.NOFOLLOW_LINKS);
    }
}
