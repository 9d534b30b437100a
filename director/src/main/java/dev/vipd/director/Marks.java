package dev.vipd.director;

import dev.vipd.director.config.MarkedGroup;
import dev.vipd.ipvs.sync.IpvsListener;
import dev.vipd.netlink.script.Nft;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Keeps the firewall marks of groups in a table of our own ({@link MarkRules}), which the program {@code nft} replaces
 * as a whole. Without a mark a packet misses its service, so a thread looks at each resync interval whether the table
 * is as it was made: a firewall that is loaded anew flushes those of others. Its methods wait for the program.
 */
final class Marks {
    private static final String KEY = "nftables";

    private final IpvsListener listener;
    private final boolean dryRun;
    private final long checkIntervalNs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private volatile List<MarkedGroup> groups = List.of();
    /** Text of the table that was made; empty: none. */
    private String made = "";
    /** The same as the program told it then. */
    private String listed = "";
    private String trouble = "";
    private boolean begun;
    private boolean watched;
    private boolean closed;

    Marks(IpvsListener listener, boolean dryRun, long checkIntervalNs) {
        this.listener = listener;
        this.dryRun = dryRun;
        this.checkIntervalNs = checkIntervalNs;
    }

    /**
     * Marks the packets of these groups and of none else. What a killed process left is replaced.
     *
     * @throws IOException when that can't be done, with what to do; all is as it was then
     */
    void use(List<MarkedGroup> wanted, String why) throws IOException, InterruptedException {
        if (begun && wanted.equals(groups)) {
            return; // without the lock: an nft that hangs in a check holds up no reload that is not about it
        }
        lock.lockInterruptibly();
        try {
            groups = replace(wanted, why);
            if (!begun && made.isEmpty() && !dryRun) {
                Thread.ofVirtual().name("nft-leftovers").start(this::removeLeftovers);
            }
            begun = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds groups before their services are made. A packet that one of before wants goes on being its.
     *
     * @throws IOException as {@link #use}
     */
    void add(List<MarkedGroup> wanted, String why) throws IOException, InterruptedException {
        use(Stream.concat(groups.stream(), wanted.stream()).distinct().toList(), why);
    }

    /** As {@link #use}, for groups that are marked already: that others can't be taken out is only told. */
    void reduceTo(List<MarkedGroup> wanted, String why) throws InterruptedException {
        try {
            use(wanted, why);
        } catch (IOException e) {
            listener.onSettingFailed(KEY, words(wanted), e.getMessage());
        }
    }

    private List<MarkedGroup> replace(List<MarkedGroup> wanted, String why) throws IOException, InterruptedException {
        String table = MarkRules.table(wanted);
        if (table.equals(made)) {
            return wanted;
        }
        if (dryRun) {
            made = table;
        } else if (Nft.isThere()) {
            make(table);
        } else {
            throw new IOException("virtual_server_groups: nftables: true " + Nft.NEEDED + ", or leave that out");
        }
        listener.onSetting(KEY, words(groups), words(wanted), why);
        if (!watched && !dryRun) {
            watched = true;
            Thread.ofVirtual().name("nft-marks").start(this::watch);
        }
        return wanted;
    }

    private void make(String table) throws IOException, InterruptedException {
        try {
            Nft.run(Nft.without(MarkRules.TABLE) + table);
        } catch (IOException e) {
            throw new IOException("nft can't make the marks of virtual_server_groups: " + e.getMessage()
                    + "; see whether this kernel has nf_tables", e);
        }
        made = table;
        trouble = "";
        listed = table.isEmpty() ? "" : list();
    }

    /** Empty: there is no such table, or that can't be told. */
    private static String list() throws InterruptedException {
        try {
            return Nft.list(MarkRules.TABLE);
        } catch (IOException e) {
            return "";
        }
    }

    /** A host that never had nftables has none, and need not have it. */
    private void removeLeftovers() {
        lock.lock();
        try {
            if (made.isEmpty() && Nft.isThere()) {
                Nft.run(Nft.without(MarkRules.TABLE));
            }
        } catch (IOException e) {
            // then there is nothing to remove
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private static String words(List<MarkedGroup> groups) {
        long marks = groups.stream().map(MarkedGroup::key).distinct().count();
        return marks == 0 ? "off" : marks == 1 ? "1 mark" : marks + " marks";
    }

    private void watch() {
        lock.lock();
        try {
            while (!closed) {
                if (ended.awaitNanos(checkIntervalNs) <= 0 && !closed && !made.isEmpty()) {
                    check();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that
        } finally {
            lock.unlock();
        }
    }

    private void check() throws InterruptedException {
        String found = list();
        if (found.equals(listed) && !found.isEmpty()) {
            return;
        }
        try {
            make(made);
            listener.onSetting(KEY, found.isEmpty() ? "gone" : "changed", words(groups), "drift");
        } catch (IOException e) {
            if (!e.getMessage().equals(trouble)) {
                trouble = e.getMessage();
                listener.onSettingFailed(KEY, words(groups), trouble);
            }
        }
    }

    /**
     * Looks after nothing any more.
     *
     * @param remove whether the table goes
     */
    void close(boolean remove) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            closed = true;
            ended.signal();
        } finally {
            lock.unlock();
        }
        if (remove) {
            reduceTo(List.of(), "stop");
        }
    }
}
