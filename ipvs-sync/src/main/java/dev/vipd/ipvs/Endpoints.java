package dev.vipd.ipvs;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Address and port as text. */
public final class Endpoints {
    private Endpoints() {}

    /** {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}. */
    public static String format(InetAddress address, int port) {
        String text = address.getHostAddress();
        return (address instanceof Inet6Address ? "[" + text + "]" : text) + ":" + port;
    }
}
