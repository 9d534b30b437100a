package dev.vipd.ipvs.sync;

/** What outlives a process. Thread-safe. */
final class FakeMemory implements IpvsMemory {
    private Contents contents = Contents.EMPTY;
    private int stores;

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
    public synchronized void store(Contents now) {
        contents = now;
        stores++;
    }
}
