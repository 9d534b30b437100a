package dev.vipd.ipvs;

/**
 * One destination of a service as the kernel holds it: everything that NEW_DEST and SET_DEST carry, and nothing else.
 * SET_DEST replaces all of it, the forwarding method included.
 *
 * @param at             identity within the service
 * @param forwarding     IP_VS_CONN_F_FWD_MASK part of the flags, 0..7: {@link ForwardingMethod#kernelValue()}, or what
 *                       others have set (1 local node, 4 bypass)
 * @param weight         0..2^31-1; 0 takes no new connections
 * @param upperThreshold connections above which it takes no new ones; 0: no limit
 * @param lowerThreshold connections below which it takes new ones again; 0: three quarters of the upper threshold
 * @param tunnel         how packets are wrapped, looked at with TUN only
 */
public record Destination(
        Endpoint at, int forwarding, int weight, int upperThreshold, int lowerThreshold, Tunnel tunnel) {

    /**
     * Encapsulation of a tunnel.
     *
     * @param type  0 IPIP, 1 GUE, 2 GRE
     * @param port  destination port with GUE, else 0
     * @param flags 0 no checksum, 1 checksum, 2 remote checksum
     */
    public record Tunnel(int type, int port, int flags) {
        /** Plain IPIP: what a destination has when nothing was said. */
        public static final Tunnel IPIP = new Tunnel(0, 0, 0);
    }

    /** What the kernel must hold for a configured real server that may get traffic, in one of its services. */
    public static Destination of(RealServer server, ServiceKey service) {
        boolean servicePort = server.port() == 0 || server.method() != ForwardingMethod.NAT;
        Endpoint at = new Endpoint(server.address(), servicePort ? service.port() : server.port());
        return new Destination(
                at, server.method().kernelValue(), server.weight(), server.upperThreshold(), server.lowerThreshold(),
                server.tunnel());
    }

    // what a record does by itself, in a tenth of the time: every row of every dump is compared
    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Destination that
                && at.equals(that.at)
                && forwarding == that.forwarding
                && weight == that.weight
                && upperThreshold == that.upperThreshold
                && lowerThreshold == that.lowerThreshold
                && (tunnel == that.tunnel || tunnel.equals(that.tunnel));
    }

    @Override
    public int hashCode() {
        return 31 * at.hashCode() + weight;
    }

    public Destination withWeight(int newWeight) {
        return new Destination(at, forwarding, newWeight, upperThreshold, lowerThreshold, tunnel);
    }

    /** Its settings for people and logs: {@code DR weight=1}; what is usual is left out. */
    public String describe() {
        StringBuilder text = new StringBuilder(methodName()).append(" weight=").append(weight);
        if (upperThreshold != 0 || lowerThreshold != 0) {
            text.append(" thresholds=").append(lowerThreshold).append("..").append(upperThreshold);
        }
        if (!tunnel.equals(Tunnel.IPIP)) {
            text.append(" tunnel=" + tunnel.type + "/" + tunnel.port + "/" + tunnel.flags);
        }
        return text.toString();
    }

    private String methodName() {
        for (ForwardingMethod method : ForwardingMethod.values()) {
            if (method.kernelValue() == forwarding) {
                return method.name();
            }
        }
        return "method" + forwarding;
    }
}
