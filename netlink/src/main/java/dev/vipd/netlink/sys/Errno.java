package dev.vipd.netlink.sys;

import java.util.Map;

/** Error numbers of asm-generic/errno.h, the same on x86-64 and aarch64. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int ENOMEM = 12;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int EPROTO = 71;
    public static final int EMSGSIZE = 90;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTDOWN = 112;
    public static final int EHOSTUNREACH = 113;
    public static final int EINPROGRESS = 115;

    private static final Map<Integer, String> TEXTS = Map.ofEntries(
            Map.entry(EPERM, "EPERM: operation not permitted"),
            Map.entry(ENOENT, "ENOENT: no such entry"),
            Map.entry(ESRCH, "ESRCH: not found"),
            Map.entry(EINTR, "EINTR: interrupted"),
            Map.entry(EAGAIN, "EAGAIN: would block"),
            Map.entry(EACCES, "EACCES: permission denied"),
            Map.entry(EBUSY, "EBUSY: busy"),
            Map.entry(EEXIST, "EEXIST: exists already"),
            Map.entry(ENODEV, "ENODEV: no such device"),
            Map.entry(EINVAL, "EINVAL: invalid argument"),
            Map.entry(ERANGE, "ERANGE: out of range"),
            Map.entry(EPROTO, "EPROTO: malformed message"),
            Map.entry(EMSGSIZE, "EMSGSIZE: message too long"),
            Map.entry(EOPNOTSUPP, "EOPNOTSUPP: not supported"),
            Map.entry(EAFNOSUPPORT, "EAFNOSUPPORT: address family not supported"),
            Map.entry(EADDRNOTAVAIL, "EADDRNOTAVAIL: no such address"),
            Map.entry(ENETDOWN, "ENETDOWN: network is down"),
            Map.entry(ENETUNREACH, "ENETUNREACH: network is unreachable"),
            Map.entry(ENOBUFS, "ENOBUFS: no buffer space"),
            Map.entry(ETIMEDOUT, "ETIMEDOUT: timed out"),
            Map.entry(ECONNREFUSED, "ECONNREFUSED: connection refused"));

    private Errno() {}

    /** Name and meaning, or {@code errno N}. */
    public static String text(int errno) {
        return TEXTS.getOrDefault(errno, "errno " + errno);
    }
}
