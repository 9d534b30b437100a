package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.Drift;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.netlink.NetlinkException;

/**
 * What the reconciler tells. All methods are called on its thread and must neither block nor throw. {@code name} is the
 * virtual server's in the configuration, the last known one after it has left. {@code why} is what the submitter of the
 * desired table gave (config, check, drained, start), {@code drift} for the repair of what others changed,
 * {@code retry} for what could not be done before, or {@code stop}.
 */
public interface IpvsListener {
    /** The kernel acknowledged a change, {@code ackNs} after it was sent. */
    void onOp(String name, IpvsOp op, String why, long ackNs);

    /** The kernel refused a change. It is tried again at every sync, and told again when that ends in another way. */
    void onOpFailed(String name, IpvsOp op, NetlinkException why);

    /** A row of ours is not as we left it. Its repair follows, unless it is what is wanted now. */
    void onDrift(String name, Drift drift);

    /** The end of a sync that changed something, or in which the kernel refused something it had not refused before. */
    void onSync(int ops, int failed, long tookNs, String why);

    /**
     * A setting beside the table was changed: a sysctl, a timeout, a sync daemon.
     *
     * @param key  {@code sysctl.conn_reuse_mode}, {@code timeouts}, {@code sync_daemon.master}
     * @param from what it was, {@code off} for a daemon that did not run
     * @param why  as for {@link #onOp}; {@code drift} when somebody else had changed it
     */
    void onSetting(String key, String from, String to, String why);

    /** It could not be. It is tried again at every resync, and told again when that ends in another way. */
    void onSettingFailed(String key, String to, String why);

    /** The wanted scheduler is missing in the kernel, and its service has the fallback instead; told once. */
    void onFallback(String name, ServiceKey key, String wanted, String taken);

    /** The kernel's table can't be reached. Told once; it is tried again at every resync interval. */
    void onUnavailable(String why);

    /** It can be reached again. */
    void onAvailable();

    /** Something is broken and the thread has ended: the table stays as it is, and nobody looks after it any more. */
    void onFailed(Throwable cause);
}
