package dev.vipd.ipvs.sync;

/**
 * What the reconciler has done since its start.
 *
 * @param syncs         times it made the table what it must be, or found it so
 * @param ops           changes that the kernel acknowledged
 * @param failures      changes that it refused, each time they were tried
 * @param drifts        rows that others had changed
 * @param reconciles    syncs that began with a look at the whole table
 * @param reconcileNs   time that all of those took, of the look, the comparison and the changes
 * @param lastReconcileNs time of the last one of them
 */
public record SyncStats(
        long syncs, long ops, long failures, long drifts, long reconciles, long reconcileNs, long lastReconcileNs) {
    /** Nothing yet. */
    public static final SyncStats NONE = new SyncStats(0, 0, 0, 0, 0, 0, 0);

    /** @param looked whether it began with a look at the whole table */
    SyncStats after(int acked, int failed, int drifted, boolean looked, long tookNs) {
        return new SyncStats(
                syncs + 1, ops + acked, failures + failed, drifts + drifted, reconciles + (looked ? 1 : 0),
                reconcileNs + (looked ? tookNs : 0), looked ? tookNs : lastReconcileNs);
    }
}
