package dev.vipd.vrrp;

/** What may differ from the configuration in an advert that is accepted all the same, in the order of checking. */
public enum AdvertMismatch {
    /** Version 3: another advert interval, which is learned (RFC 9568, 6.1). */
    INTERVAL("interval", "interval_errors"),
    /** A router of the same VRID is heard by the address owner (RFC 9568, 7.1 with erratum 8298). */
    OWNER("owner", "owner_errors"),
    /** Another set of addresses (RFC 9568, 7.1: logged, not dropped; dropping it would make two masters). */
    ADDRESS_LIST("address_list", "address_list_errors");

    private final String wireName;
    private final String counterName;

    AdvertMismatch(String wireName, String counterName) {
        this.wireName = wireName;
        this.counterName = counterName;
    }

    /** Name in the log. */
    public String wireName() {
        return wireName;
    }

    /** Name of the counter, after the leaves of RFC 8347 where it has one. */
    public String counterName() {
        return counterName;
    }
}
