package dev.vipd.ipvs;

/** {@code lb_kind}, with the kernel's number (linux/ip_vs.h, IP_VS_CONN_F_FWD_MASK). */
public enum ForwardingMethod {
    /** Destination address and port are rewritten; replies come back through the director. IP_VS_CONN_F_MASQ. */
    NAT(0),
    /** The packet is wrapped and sent to the real server. IP_VS_CONN_F_TUNNEL. */
    TUN(2),
    /** Only the destination MAC address changes. IP_VS_CONN_F_DROUTE. */
    DR(3);

    private final int kernelValue;

    ForwardingMethod(int kernelValue) {
        this.kernelValue = kernelValue;
    }

    public int kernelValue() {
        return kernelValue;
    }

    /** The kernel's number as in the configuration; {@code method N} for one that has no word there. */
    public static String word(int forwarding) {
        for (ForwardingMethod method : values()) {
            if (method.kernelValue == forwarding) {
                return method.name();
            }
        }
        return "method " + forwarding;
    }
}
