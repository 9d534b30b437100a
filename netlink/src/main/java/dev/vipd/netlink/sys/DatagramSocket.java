package dev.vipd.netlink.sys;

/**
 * UDP, to be connected: then only what the peer sends is received, and the network's ICMP errors are those of the next
 * send or receive.
 */
public final class DatagramSocket extends InetSocket {
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_IP = 0;
    private static final int IP_RECVERR = 11;
    private static final int IPV6_RECVERR = 25;

    private DatagramSocket() {}

    /**
     * Opens a socket to which all ICMP errors are passed on: without asking, the kernel tells of an unreachable port
     * but not of an unreachable host (ip(7), IP_RECVERR).
     *
     * @return the descriptor of a new socket, close-on-exec, or an error
     */
    public static int open(boolean six) {
        int fd = open(six, SOCK_DGRAM, 0);
        if (fd >= 0) {
            setOption(fd, six ? Sys.SOL_IPV6 : SOL_IP, six ? IPV6_RECVERR : IP_RECVERR, 1); // never refused
        }
        return fd;
    }
}
