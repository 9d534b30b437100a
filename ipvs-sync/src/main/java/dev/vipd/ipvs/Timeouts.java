package dev.vipd.ipvs;

/**
 * Timeouts of connections in one network namespace: {@code lvs_timeouts}, the kernel's {@code SET_CONFIG}.
 *
 * @param tcpSec    of an established TCP connection without traffic; as all of them 0 leaves the kernel's
 * @param tcpFinSec of a TCP connection after a FIN
 * @param udpSec    of a UDP exchange
 */
public record Timeouts(int tcpSec, int tcpFinSec, int udpSec) {
    /** Changes nothing. */
    public static final Timeouts UNCHANGED = new Timeouts(0, 0, 0);

    /** What {@code now} becomes when this is asked for. */
    public Timeouts over(Timeouts now) {
        return new Timeouts(
                tcpSec == 0 ? now.tcpSec : tcpSec,
                tcpFinSec == 0 ? now.tcpFinSec : tcpFinSec,
                udpSec == 0 ? now.udpSec : udpSec);
    }

    /** {@code tcp=900 tcpfin=120 udp=300}. */
    public String describe() {
        return "tcp=" + tcpSec + " tcpfin=" + tcpFinSec + " udp=" + udpSec;
    }
}
