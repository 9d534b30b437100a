package dev.vipd.vrrp;

/** Something that a master has on its host and a backup has not. */
public sealed interface Holding permits VirtualAddress, VirtualRoute, VirtualRule {}
