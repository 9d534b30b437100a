package dev.vipd.netlink.script;

import dev.vipd.netlink.sys.EventFd;
import dev.vipd.netlink.sys.Pipe;
import dev.vipd.netlink.sys.Poller;
import dev.vipd.netlink.sys.SysException;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads all that a process writes and remembers the last line. A little is read as it comes, and of more a pipeful
 * each 16 ms, which is 4 MiB a second: so a flood costs neither memory nor much of a processor, ours nor its own.
 *
 * <p>The pipe is one of our own: the JDK's is emptied at the end of the process for as long as anybody writes to it,
 * into an array that grows.
 */
final class LastLine implements AutoCloseable {
    private static final int PIPE_BYTES = 64 * 1024; // as much as fits into a pipe
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final int QUICK_LOOKS = 64;
    private static final long PAUSE_NS = 16_000_000;
    private static final long FOR_EVER_NS = Long.MAX_VALUE;
    private static final int LINE_BYTES_MAX = 4 * ScriptLauncher.LINE_MAX;

    private final Pipe pipe;
    private final EventFd ended;
    private Thread reader;
    private byte[] line = new byte[LINE_BYTES_MAX];
    private int lineLength;
    private byte[] next = new byte[LINE_BYTES_MAX];
    private int nextLength;
    private boolean nextIsBlank = true;

    LastLine() throws SysException {
        pipe = new Pipe();
        try {
            ended = new EventFd();
        } catch (SysException e) {
            pipe.close();
            throw e;
        }
    }

    /** Where a process to be started writes to. */
    File file() {
        return new File(pipe.writerPath());
    }

    /** The process has been started. */
    void begin() {
        pipe.closeWriter();
        // not a virtual one: polling blocks the thread below
        reader = Thread.ofPlatform().daemon().name("script-output").start(this::read);
    }

    /** The last line after the process has ended. What it left running can't write any more. */
    String await() throws InterruptedException {
        ended.signal();
        reader.join();
        String text = new String(line, 0, lineLength, StandardCharsets.UTF_8).strip();
        return text.substring(0, Math.min(text.length(), ScriptLauncher.LINE_MAX));
    }

    @Override
    public void close() {
        if (reader == null) {
            pipe.close();
            ended.close();
        } else {
            ended.signal(); // does nothing after await
        }
    }

    private void read() {
        try (pipe; ended) {
            Poller both = new Poller(List.of(ended.fd(), pipe.fd()));
            Poller end = new Poller(List.of(ended.fd()));
            ByteBuffer data = ByteBuffer.allocateDirect(BUFFER_BYTES);
            boolean last = false;
            for (int looks = 1; !last; looks++) {
                both.poll(FOR_EVER_NS);
                last = both.ready(0); // what the process itself has written is in the pipe by now
                int size = 1;
                for (int taken = 0; size > 0 && taken < PIPE_BYTES; taken += size) {
                    size = pipe.read(data.clear());
                    take(data.flip());
                }
                last |= size < 0;
                if (!last && (size > 0 || looks > QUICK_LOOKS)) {
                    end.poll(PAUSE_NS);
                }
            }
        } catch (SysException e) {
            // that was the end of it
        }
        endLine();
    }

    private void take(ByteBuffer data) {
        while (data.hasRemaining()) {
            byte b = data.get();
            if (b == '\n' || b == '\r') {
                endLine();
            } else if (nextLength < LINE_BYTES_MAX) { // a line may be endless
                next[nextLength++] = b;
                nextIsBlank &= b == ' ' || b == '\t';
            }
        }
    }

    private void endLine() {
        if (!nextIsBlank) {
            byte[] free = line;
            line = next;
            lineLength = nextLength;
            next = free;
        }
        nextLength = 0;
        nextIsBlank = true;
    }
}
