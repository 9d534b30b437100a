package dev.vipd.director.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/** All that happened, as a hash; and, where somebody is going to read it, the end of it as text. */
final class Trace {
    private final int keptLines;
    private final Deque<String> last = new ArrayDeque<>();
    private long hash = 1;

    /** @param keptLines 0: the hash only */
    Trace(int keptLines) {
        this.keptLines = keptLines;
    }

    void note(long nowNs, String text) {
        hash = 31 * (31 * hash + nowNs) + text.hashCode();
        if (keptLines > 0) {
            last.addLast(String.format("%,d ns  %s", nowNs, text));
            if (last.size() > keptLines) {
                last.removeFirst();
            }
        }
    }

    String end() {
        return String.join("\n", last);
    }

    long hash() {
        return hash;
    }
}
