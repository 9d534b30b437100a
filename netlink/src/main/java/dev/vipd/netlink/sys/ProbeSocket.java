package dev.vipd.netlink.sys;

/** Asks one host, again and again, whether it is there. Not thread-safe. */
public interface ProbeSocket extends AutoCloseable {
    /** Readable when something came in that may be an answer. */
    Fd fd();

    /**
     * Asks.
     *
     * @param seq number of the question, of which the lowest 16 bits count
     * @throws SysException the network refused it; the host may be there nevertheless
     */
    void send(int seq) throws SysException;

    /** Takes what came in. @return whether the question of this number was answered */
    boolean answered(int seq) throws SysException;

    @Override
    void close();
}
