package dev.vipd.vrrp;

/**
 * One turn of the loop that runs virtual routers: takes all that waits, then looks at the timers. The order is what
 * keeps a stall harmless: an advert that waits is never taken for one that never came.
 *
 * @param <E> what may go wrong
 */
public interface LoopTurn<E extends Exception> {

    /** Gives every packet that waits to its router. */
    void receivePackets() throws E;

    /** Takes what the kernel tells of links and addresses. */
    void hearKernel() throws E;

    /** Takes what other threads ask for. */
    void openMailbox() throws E;

    /** Gives {@link VrrpEvent.Deadline} to the routers whose time has come. */
    void actOnTimers() throws E;

    /** All of it. */
    default void take() throws E {
        receivePackets();
        hearKernel();
        openMailbox();
        actOnTimers();
    }
}
