package dev.vipd.director.realserver;

import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.ForwardingMethod;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What a real server is to be set up for.
 *
 * @param vips   the virtual addresses, each once
 * @param kind   DR or TUN
 * @param tunnel how packets are wrapped, with TUN
 * @param outer  4 or 6: the family of the real server's own address, by which packets come; empty: the VIP's
 * @param port   UDP port of gue
 * @param device where the VIPs go with DR: {@code lo}, or a dummy device, made where it is missing
 */
public record RealServerOptions(
        List<InetAddress> vips,
        ForwardingMethod kind,
        Encapsulation tunnel,
        Optional<Integer> outer,
        int port,
        String device) {

    /** The port that IANA gave to gue. */
    public static final int GUE_PORT = 6080;

    /** {@code tunnel} of a real server. */
    public enum Encapsulation { IPIP, GUE, GRE }

    public RealServerOptions {
        vips = vips.stream().distinct().toList();
    }

    /** DR with the VIPs on lo. */
    public static RealServerOptions dr(List<InetAddress> vips) {
        return new RealServerOptions(
                vips, ForwardingMethod.DR, Encapsulation.IPIP, Optional.empty(), GUE_PORT, "lo");
    }

    /** TUN, otherwise as by default. */
    public RealServerOptions tun(Encapsulation encapsulation) {
        return new RealServerOptions(vips, ForwardingMethod.TUN, encapsulation, outer, port, device);
    }

    /** With another family of the real server's own address. */
    public RealServerOptions over(int family) {
        return new RealServerOptions(vips, kind, tunnel, Optional.of(family), port, device);
    }

    /** An address as the kernel takes it; empty for anything else, a name too. */
    public static Optional<InetAddress> address(String text) {
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            boolean strict = text.indexOf('%') < 0
                    && (address instanceof Inet6Address || address.getHostAddress().equals(text));
            boolean host = !address.isAnyLocalAddress() && !address.isMulticastAddress() && !address.isLoopbackAddress()
                    && !address.isLinkLocalAddress();
            return strict && host ? Optional.of(address) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The usual short form, as ip prints it: {@code 2001:db8::1}. */
    public static String text(InetAddress address) {
        return Endpoints.text(address);
    }

    static boolean v4(InetAddress address) {
        return address instanceof Inet4Address;
    }
}
