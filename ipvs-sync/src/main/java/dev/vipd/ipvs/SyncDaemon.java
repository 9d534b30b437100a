package dev.vipd.ipvs;

import java.net.InetAddress;
import java.util.Optional;

/**
 * One of the kernel's two threads that tell another director of connections ({@code ip_vs_sync}).
 *
 * @param role          sends or receives; both may run at once
 * @param interfaceName to multicast over
 * @param id            0..255; a receiver takes only messages of its id
 * @param maxLen        bytes of one message; 0: as the interface's MTU allows
 * @param group         multicast group; empty: 224.0.0.81
 * @param port          UDP port of the group; 0: 8848
 * @param ttl           of the messages; 0: 1
 */
public record SyncDaemon(
        Role role, String interfaceName, int id, int maxLen, Optional<InetAddress> group, int port, int ttl) {
    /** With the kernel's number (linux/ip_vs.h, IP_VS_STATE_*). */
    public enum Role {
        MASTER(1),
        BACKUP(2);

        private final int kernelValue;

        Role(int kernelValue) {
            this.kernelValue = kernelValue;
        }

        public int kernelValue() {
            return kernelValue;
        }
    }

    public SyncDaemon as(Role newRole) {
        return new SyncDaemon(newRole, interfaceName, id, maxLen, group, port, ttl);
    }

    /** Whether {@code running}, which the kernel told with all its values, is what this asks for. */
    public boolean isMetBy(SyncDaemon running) {
        return role == running.role
                && interfaceName.equals(running.interfaceName)
                && id == running.id
                && (maxLen == 0 || maxLen == running.maxLen)
                && (group.isEmpty() ? running.hasUsualGroup() : group.equals(running.group))
                && (port == 0 ? USUAL_PORT : port) == (running.port == 0 ? USUAL_PORT : running.port)
                && Math.max(1, ttl) == Math.max(1, running.ttl);
    }

    private static final int USUAL_PORT = 8848;
    private static final String USUAL_GROUP = "224.0.0.81";

    private boolean hasUsualGroup() {
        return group.isEmpty() || group.get().getHostAddress().equals(USUAL_GROUP);
    }

    /** {@code eth0 id 51}, and what else was asked for. */
    public String describe() {
        return interfaceName + " id " + id
                + (maxLen == 0 ? "" : " maxlen " + maxLen)
                + group.map(address -> " group " + address.getHostAddress()).orElse("")
                + (port == 0 ? "" : " port " + port)
                + (ttl == 0 ? "" : " ttl " + ttl);
    }
}
