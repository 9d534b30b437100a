package dev.vipd.netlink.route;

import dev.vipd.netlink.NlMessage;
import java.util.Optional;

/** What the kernel tells of its interfaces, addresses, routes and rules. */
public sealed interface RouteEvent {
    /** An interface is new, or something of it changed, or it is merely mentioned again. */
    record LinkChanged(Link link) implements RouteEvent {}

    record LinkRemoved(int index, String name) implements RouteEvent {}

    record AddressAdded(InterfaceAddress address) implements RouteEvent {}

    record AddressRemoved(InterfaceAddress address) implements RouteEvent {}

    /** Not told of IPv4 routes that vanish because their interface goes down or their source address is deleted. */
    record RouteRemoved(Route route) implements RouteEvent {}

    record RuleRemoved(Rule rule) implements RouteEvent {}

    /** Notifications were lost (ENOBUFS): whoever follows links and addresses must dump them anew. */
    record Overrun() implements RouteEvent {}

    /** The event of one notification; none for messages of other kinds. */
    static Optional<RouteEvent> of(NlMessage message) {
        return switch (message.type()) {
            case LinkCodec.RTM_NEWLINK -> LinkCodec.decode(message).map(LinkChanged::new);
            case LinkCodec.RTM_DELLINK -> LinkCodec.isBridgePort(message)
                    ? Optional.empty()
                    : LinkCodec.decode(message).map(link -> new LinkRemoved(link.index(), link.name()));
            case AddressCodec.RTM_NEWADDR -> AddressCodec.decode(message).map(AddressAdded::new);
            case AddressCodec.RTM_DELADDR -> AddressCodec.decode(message).map(AddressRemoved::new);
            case RouteCodec.RTM_DELROUTE -> RouteCodec.decode(message).map(RouteRemoved::new);
            case RuleCodec.RTM_DELRULE -> RuleCodec.decode(message).map(RuleRemoved::new);
            default -> Optional.empty();
        };
    }
}
