package dev.vipd.ipvs.kernel;

import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.Traffic;

/** What one message of a dump says. */
sealed interface IpvsReply {
    /** A service that a configuration can name. */
    record ServiceRow(Service service, Traffic traffic) implements IpvsReply {}

    /** A service that it cannot: of a protocol other than TCP, UDP and SCTP. */
    record ForeignService() implements IpvsReply {}

    /** A destination of the service that was asked for. */
    record DestinationRow(Destination destination, Load load) implements IpvsReply {}

    /** Bytes that are no such row. */
    record Malformed(String why) implements IpvsReply {}
}
