package dev.vipd.ipvs.kernel;

import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Observation.Connections;
import dev.vipd.ipvs.Service;

/** What one message of a dump says. */
sealed interface IpvsReply {
    /** A service that a configuration can name. */
    record ServiceRow(Service service) implements IpvsReply {}

    /** A service that it cannot: keyed by a firewall mark, or of a protocol other than TCP, UDP and SCTP. */
    record ForeignService() implements IpvsReply {}

    /** A destination of the service that was asked for. */
    record DestinationRow(Destination destination, Connections connections) implements IpvsReply {}

    /** Bytes that are no such row. */
    record Malformed(String why) implements IpvsReply {}
}
