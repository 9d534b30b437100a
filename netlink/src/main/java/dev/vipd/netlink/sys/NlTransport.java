package dev.vipd.netlink.sys;

import java.util.Optional;

/** Datagrams to and from the kernel: a netlink socket, or in tests a scripted kernel. */
public interface NlTransport extends AutoCloseable {
    /** Sends one datagram to the kernel. */
    void send(byte[] datagram) throws SysException;

    /**
     * Receives one datagram of the kernel.
     *
     * @param timeoutNs how long to wait, 0 for not at all
     * @return empty when none came
     * @throws SysException ENOBUFS: the queue overflowed and messages were lost; EMSGSIZE: a datagram was cut
     */
    Optional<byte[]> receive(long timeoutNs) throws SysException;

    @Override
    void close();
}
