package dev.vipd.ipvs;

/**
 * One service as the kernel holds it: everything that NEW_SERVICE and SET_SERVICE carry, and nothing else.
 *
 * @param key               identity
 * @param scheduler         name of the scheduler, 1..15 characters; {@code none} when the kernel has none bound
 * @param flags             IP_VS_SVC_F_* of linux/ip_vs.h; {@link #HASHED}, the kernel's own mark, is always dropped
 * @param timeoutSec        persistence time in seconds
 * @param netmask           granularity of persistence in the kernel's form: the mask with IPv4 (0xffffff00 is /24;
 *                          masks with holes exist), the prefix length with IPv6
 * @param persistenceEngine name of the persistence engine ({@code sip}), empty for none
 */
public record Service(
        ServiceKey key, String scheduler, int flags, int timeoutSec, int netmask, String persistenceEngine) {
    /** IP_VS_SVC_F_PERSISTENT. */
    public static final int PERSISTENT = 0x1;

    /** IP_VS_SVC_F_ONEPACKET, {@code ops}: each UDP packet is scheduled by itself. */
    public static final int ONE_PACKET = 0x4;

    /** IP_VS_SVC_F_SCHED1: {@code sh-fallback}, {@code mh-fallback}, {@code flag-1}. */
    public static final int SCHED1 = 0x8;

    /** IP_VS_SVC_F_SCHED2: {@code sh-port}, {@code mh-port}, {@code flag-2}. */
    public static final int SCHED2 = 0x10;

    /** IP_VS_SVC_F_SCHED3: {@code flag-3}. */
    public static final int SCHED3 = 0x20;

    /** IP_VS_SVC_F_HASHED: set in every reply, no property of the service. */
    public static final int HASHED = 0x2;

    public Service {
        flags &= ~HASHED;
    }

    /** What the kernel must hold for one of the services of a configured one. */
    public static Service of(ServiceKey key, Scheduling scheduling) {
        boolean persistent = scheduling.persistenceSec() > 0;
        return new Service(
                key,
                scheduling.scheduler(),
                scheduling.flags() | (persistent ? PERSISTENT : 0),
                scheduling.persistenceSec(),
                key.ipv6() ? scheduling.prefix() : netmask(scheduling.prefix()),
                scheduling.engine());
    }

    private static int netmask(int prefix) {
        return prefix == 0 ? 0 : -1 << (32 - prefix);
    }

    /** The same with another scheduler, without the flags that were for the old one. */
    public Service withScheduler(String other) {
        int kept = flags & ~(SCHED1 | SCHED2 | SCHED3);
        return new Service(key, other, kept, timeoutSec, netmask, persistenceEngine);
    }

    /** Its settings for people and logs: {@code wlc persistent=300 mask=0xffffff00}; what is usual is left out. */
    public String describe() {
        boolean ipv4 = !key.ipv6();
        StringBuilder text = new StringBuilder(scheduler);
        if ((flags & PERSISTENT) != 0 || timeoutSec != 0) {
            text.append(" persistent=").append(Integer.toUnsignedString(timeoutSec));
        }
        if ((flags & ~PERSISTENT) != 0 || (flags & PERSISTENT) == 0 && timeoutSec != 0) {
            text.append(" flags=0x").append(Integer.toHexString(flags));
        }
        if (netmask != (ipv4 ? -1 : 128)) {
            text.append(" mask=").append(ipv4 ? "0x" + Integer.toHexString(netmask) : "/" + netmask);
        }
        return persistenceEngine.isEmpty() ? text.toString() : text + " pe=" + persistenceEngine;
    }
}
