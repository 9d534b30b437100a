package dev.vipd.netlink.route;

/**
 * How long an address is used: struct ifa_cacheinfo. The kernel counts in whole seconds and removes an address by
 * itself when its valid lifetime is over.
 *
 * @param preferredSec after that it is deprecated, which is not to be chosen as a source; 0: it is so from the start
 * @param validSec     after that it is removed; at least {@code preferredSec}
 * @param updatedCs    when it was last set, in hundredths of a second since the kernel's start (tstamp); 0 in requests
 */
public record AddressLifetime(long preferredSec, long validSec, long updatedCs) {
    /** INFINITY_LIFE_TIME. */
    public static final long FOREVER_SEC = 0xffff_ffffL;

    /** The lifetime of an address that nothing was said about. */
    public static final AddressLifetime FOREVER = new AddressLifetime(FOREVER_SEC, FOREVER_SEC, 0);

    boolean endless() {
        return preferredSec == FOREVER_SEC && validSec == FOREVER_SEC;
    }
}
