package dev.vipd.vrrp.io;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Who is due next: a binary heap, so that a cycle of the loop costs what is due in it, not what is configured. Not
 * thread-safe.
 */
final class Deadlines<T> {
    /** What waits, or may. It knows its place in the heap, so that it can be moved. */
    static final class Entry<T> {
        private final T owner;
        private long atNs;
        private int place = -1;

        Entry(T owner) {
            this.owner = owner;
        }
    }

    private final List<Entry<T>> heap = new ArrayList<>();

    /** The first deadline; {@code otherwise} when there is none, or a later one. */
    long first(long otherwiseNs) {
        return !heap.isEmpty() && heap.getFirst().atNs - otherwiseNs < 0 ? heap.getFirst().atNs : otherwiseNs;
    }

    /** Of those whose deadline is reached, the one that waits longest; null when there is none. It stays. */
    T due(long nowNs) {
        return !heap.isEmpty() && nowNs - heap.getFirst().atNs >= 0 ? heap.getFirst().owner : null;
    }

    /** Sets the deadline, or takes it back. */
    void set(Entry<T> entry, OptionalLong deadlineNs) {
        if (deadlineNs.isEmpty()) {
            remove(entry);
            return;
        }
        boolean fresh = entry.place < 0;
        if (!fresh && entry.atNs == deadlineNs.getAsLong()) {
            return;
        }
        entry.atNs = deadlineNs.getAsLong();
        if (fresh) {
            heap.add(entry);
        }
        down(entry, up(entry, fresh ? heap.size() - 1 : entry.place));
    }

    private void remove(Entry<T> entry) {
        int place = entry.place;
        if (place < 0) {
            return;
        }
        entry.place = -1;
        Entry<T> last = heap.removeLast();
        if (last != entry) {
            down(last, up(last, place));
        }
    }

    private int up(Entry<T> entry, int from) {
        int place = from;
        while (place > 0 && entry.atNs - heap.get((place - 1) / 2).atNs < 0) {
            put(heap.get((place - 1) / 2), place);
            place = (place - 1) / 2;
        }
        put(entry, place);
        return place;
    }

    private void down(Entry<T> entry, int from) {
        int place = from;
        while (2 * place + 1 < heap.size()) {
            int child = 2 * place + 1;
            if (child + 1 < heap.size() && heap.get(child + 1).atNs - heap.get(child).atNs < 0) {
                child++;
            }
            if (heap.get(child).atNs - entry.atNs >= 0) {
                break;
            }
            put(heap.get(child), place);
            place = child;
        }
        put(entry, place);
    }

    private void put(Entry<T> entry, int place) {
        heap.set(place, entry);
        entry.place = place;
    }
}
