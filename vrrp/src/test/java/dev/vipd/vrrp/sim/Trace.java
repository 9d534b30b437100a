package dev.vipd.vrrp.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** All that happened, as a hash; and, where somebody is going to read it, the end of it as text. */
final class Trace {
    private final int keptLines;
    private final Deque<String> last = new ArrayDeque<>();
    private long hash = 1;

    /** @param keptLines 0: the hash only */
    Trace(int keptLines) {
        this.keptLines = keptLines;
    }

    void note(long nowNs, int who, long what, Supplier<String> text) {
        hash = Draws.of(hash, nowNs, what * 31 + who);
        if (keptLines > 0) {
            last.addLast(String.format("%,17d ns  %s", nowNs, text.get()));
            if (last.size() > keptLines) {
                last.removeFirst();
            }
        }
    }

    String end() {
        return String.join("\n", last);
    }

    /** Of all so far. */
    long hash() {
        return hash;
    }
}
