package dev.vipd.director.table;

import dev.vipd.ipvs.Destination.Tunnel;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import java.util.ArrayList;
import java.util.List;

/** What ipvsadm calls things, where it has words of its own. */
final class Words {
    /** IP_VS_CONN_F_FWD_MASK of linux/ip_vs.h, by number. */
    private static final List<String> METHODS = List.of("Masq", "Local", "Tunnel", "Route", "Bypass");

    private static final List<String> TUNNELS = List.of("ipip", "gue", "gre");
    private static final List<String> CHECKSUMS = List.of("nocsum", "csum", "remcsum");

    private Words() {}

    /** {@code Route}; {@code 7} for a number without a name. */
    static String method(int forwarding) {
        return word(METHODS, forwarding);
    }

    /** {@code gue}: how a tunnel wraps. */
    static String tunnelType(Tunnel tunnel) {
        return word(TUNNELS, tunnel.type());
    }

    /** {@code nocsum}: the checksums of a tunnel. */
    static String tunnelChecksum(Tunnel tunnel) {
        return word(CHECKSUMS, tunnel.flags());
    }

    private static String word(List<String> words, int number) {
        return number < words.size() ? words.get(number) : Integer.toString(number);
    }

    /** Flags of the scheduler, {@code sh-fallback,sh-port}; empty for none. */
    static String flags(Service service) {
        boolean hashes = service.scheduler().equals("sh") || service.scheduler().equals("mh");
        List<String> words = new ArrayList<>();
        if ((service.flags() & Service.SCHED1) != 0) {
            words.add(hashes ? service.scheduler() + "-fallback" : "flag-1");
        }
        if ((service.flags() & Service.SCHED2) != 0) {
            words.add(hashes ? service.scheduler() + "-port" : "flag-2");
        }
        if ((service.flags() & Service.SCHED3) != 0) {
            words.add("flag-3"); // with sh and mh ipvsadm takes it, and leaves it out of what it prints
        }
        return String.join(",", words);
    }

    /** {@code 255.255.255.0}, or with IPv6 {@code 64}; empty for one that leaves every address to itself. */
    static String mask(Service service) {
        ServiceKey key = service.key();
        int mask = service.netmask();
        if (mask == (key.ipv6() ? 128 : -1)) {
            return "";
        }
        return key.ipv6()
                ? Integer.toString(mask)
                : (mask >>> 24) + "." + (mask >> 16 & 0xff) + "." + (mask >> 8 & 0xff) + "." + (mask & 0xff);
    }

    static boolean persistent(Service service) {
        return (service.flags() & Service.PERSISTENT) != 0;
    }

    static boolean onePacket(Service service) {
        return (service.flags() & Service.ONE_PACKET) != 0;
    }
}
