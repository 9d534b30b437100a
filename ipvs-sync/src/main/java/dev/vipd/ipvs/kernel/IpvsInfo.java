package dev.vipd.ipvs.kernel;

/**
 * The kernel's IPVS.
 *
 * @param version             for example {@code 1.2.1}
 * @param connectionTableSize buckets of the connection table
 */
public record IpvsInfo(String version, int connectionTableSize) {}
