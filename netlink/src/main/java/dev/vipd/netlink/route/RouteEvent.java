package dev.vipd.netlink.route;

/** What the kernel tells of its interfaces and addresses. */
public sealed interface RouteEvent {
    /** An interface is new, or something of it changed, or it is merely mentioned again. */
    record LinkChanged(Link link) implements RouteEvent {}

    record LinkRemoved(int index, String name) implements RouteEvent {}

    record AddressAdded(InterfaceAddress address) implements RouteEvent {}

    record AddressRemoved(InterfaceAddress address) implements RouteEvent {}

    /** Notifications were lost (ENOBUFS): whoever follows links and addresses must dump them anew. */
    record Overrun() implements RouteEvent {}
}
