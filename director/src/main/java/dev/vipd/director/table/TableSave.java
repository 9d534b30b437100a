package dev.vipd.director.table;

import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Destination.Tunnel;
import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.JudgedTable;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;

/**
 * The kernel's table as {@code ipvsadm -Sn} of ipvsadm 1.31 prints it and {@code ipvsadm -R} reads it. What that loses
 * is kept: thresholds, marks from 2^31 on (it prints negative numbers, and refuses to read them), {@code flag-3} with
 * sh and mh. A destination of a forwarding method that it has no flag for is saved as one of its default, {@code -g}.
 */
final class TableSave {
    private TableSave() {}

    static String of(JudgedTable table) {
        StringBuilder out = new StringBuilder();
        for (JudgedTable.ServiceRow row : table.services()) {
            if (row.present()) {
                out.append(service(row.service())).append('\n');
                row.destinations().stream()
                        .filter(JudgedTable.DestinationRow::present)
                        .forEach(it -> out.append(destination(row.service(), it.destination())).append('\n'));
            }
        }
        return out.toString();
    }

    private static String service(Service service) {
        StringBuilder line = new StringBuilder("-A ").append(key(service.key())).append(" -s ")
                .append(service.scheduler());
        if (Words.persistent(service)) {
            String mask = Words.mask(service);
            line.append(" -p ").append(Integer.toUnsignedString(service.timeoutSec()))
                    .append(mask.isEmpty() ? "" : " -M " + mask);
        }
        String flags = Words.flags(service);
        return line.append(service.persistenceEngine().isEmpty() ? "" : " --pe " + service.persistenceEngine())
                .append(Words.onePacket(service) ? " -o" : "")
                .append(flags.isEmpty() ? "" : " -b " + flags)
                .toString();
    }

    private static String key(ServiceKey key) {
        return switch (key) {
            case ServiceKey.At at -> switch (at.protocol()) {
                case TCP -> "-t ";
                case UDP -> "-u ";
                case SCTP -> "--sctp-service ";
            } + Endpoints.format(at.address(), at.port());
            case ServiceKey.Mark mark -> "-f " + mark.mark() + (mark.ipv6() ? " -6" : "");
        };
    }

    private static String destination(Service service, Destination destination) {
        boolean tunnelled = destination.forwarding() == ForwardingMethod.TUN.kernelValue();
        boolean masqueraded = destination.forwarding() == ForwardingMethod.NAT.kernelValue();
        int upper = destination.upperThreshold();
        int lower = destination.lowerThreshold();
        return "-a " + key(service.key()) + " -r " + destination.at()
                + (tunnelled ? " -i" : masqueraded ? " -m" : " -g") + " -w " + destination.weight()
                + (upper == 0 ? "" : " -x " + Integer.toUnsignedString(upper))
                + (lower == 0 ? "" : " -y " + Integer.toUnsignedString(lower))
                + (tunnelled ? tunnel(destination.tunnel()) : "");
    }

    private static String tunnel(Tunnel tunnel) {
        return " --tun-type " + Words.tunnelType(tunnel)
                + (tunnel.port() == 0 ? "" : " --tun-port " + tunnel.port())
                + (tunnel.type() == Tunnel.IPIP.type() ? "" : " --tun-" + Words.tunnelChecksum(tunnel));
    }
}
