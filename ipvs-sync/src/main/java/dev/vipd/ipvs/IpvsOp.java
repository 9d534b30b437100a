package dev.vipd.ipvs;

/** One change to the kernel's table: one request, one row. */
public sealed interface IpvsOp {
    /** The service that is changed, or whose destination is. */
    ServiceKey key();

    /** Creates a service without destinations. */
    record AddService(Service service) implements IpvsOp {
        @Override
        public ServiceKey key() {
            return service.key();
        }
    }

    /** Replaces the settings of a service; destinations and connections stay. */
    record EditService(Service service) implements IpvsOp {
        @Override
        public ServiceKey key() {
            return service.key();
        }
    }

    /** Removes a service and all its destinations. */
    record DeleteService(ServiceKey key) implements IpvsOp {}

    /** Adds a destination that the service does not have. */
    record AddDestination(ServiceKey key, Destination destination) implements IpvsOp {}

    /** Replaces the settings of a destination; its connections stay. */
    record EditDestination(ServiceKey key, Destination destination) implements IpvsOp {}

    /** Removes a destination. */
    record DeleteDestination(ServiceKey key, Endpoint at) implements IpvsOp {}
}
