package dev.vipd.vrrp;

/** Something that a master has on its host and a backup has not. */
public sealed interface Holding permits VirtualAddress, VirtualRoute, VirtualRule {
    /** {@code no_track}: when somebody else deletes it, it stays away. */
    boolean noTrack();

    /**
     * What the kernel tells it from others by: of two with the same identity and different options, one takes the
     * other's place.
     */
    Object identity();
}
