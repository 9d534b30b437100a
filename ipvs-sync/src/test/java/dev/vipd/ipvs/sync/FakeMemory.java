package dev.vipd.ipvs.sync;

/** What outlives a process. Thread-safe. */
final class FakeMemory implements IpvsMemory {
    private Contents contents = Contents.EMPTY;
    private int stores;
    private boolean full;

    /** Whether it keeps nothing from now on. */
    synchronized void full(boolean isFull) {
        full = isFull;
    }

    synchronized Contents now() {
        return contents;
    }

    /** How often it was written since the last call. */
    synchronized int takeStores() {
        int taken = stores;
        stores = 0;
        return taken;
    }

    @Override
    public synchronized Contents load() {
        return contents;
    }

    @Override
    public synchronized boolean store(Contents now) {
        contents = full ? contents : now;
        stores++;
        return !full;
    }
}
