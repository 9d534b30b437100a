package dev.vipd.director.config;

import dev.vipd.healthcheck.Route;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where a networked check goes, and how: {@code connect_ip}, {@code connect_port}, {@code bindto}, {@code bind_port},
 * {@code bind_if}, {@code fwmark}. A check may hold for many real servers; what is wrong for some of them is said once.
 */
final class TargetBinder {
    private static final int PORT_MAX = 65535;
    private static final long MARK_MAX = 0xffff_ffffL;

    private final Block block;
    private final boolean ported;
    private final Optional<InetAddress> ip;
    private final Optional<Integer> port;
    private final Optional<InetAddress> bindTo;
    private final int bindPort;
    private final Optional<String> bindInterface;
    private final int mark;
    private boolean told;

    /** @param ported whether the kind has ports */
    TargetBinder(Block b, boolean ported) {
        this.block = b;
        this.ported = ported;
        ip = b.value("connect_ip").flatMap(Value::ip);
        port = ported ? b.integer("connect_port", 1, PORT_MAX) : Optional.empty();
        bindTo = b.value("bindto").flatMap(Value::ip);
        bindPort = ported ? b.integer("bind_port", 1, PORT_MAX).orElse(0) : 0;
        bindInterface = b.value("bind_if").flatMap(InstanceBinder::interfaceName);
        mark = b.value("fwmark").flatMap(v -> Prefixes.unsigned(v, MARK_MAX)).orElse(0L).intValue();
    }

    /** Whether the port is the check's own. */
    boolean hasPort() {
        return block.has("connect_port");
    }

    /** The way to a real server; its port is 0 for a kind without ports. */
    Route to(InetSocketAddress realServer) {
        InetAddress address = ip.orElse(realServer.getAddress());
        InetSocketAddress target = ip.isEmpty() && port.isEmpty() && ported
                ? realServer
                : new InetSocketAddress(address, ported ? port.orElse(realServer.getPort()) : 0);
        examine(target);
        return bindTo.isEmpty() && bindPort == 0 && bindInterface.isEmpty() && mark == 0
                ? Route.to(target)
                : new Route(target, bindTo, bindPort, bindInterface, mark);
    }

    private void examine(InetSocketAddress target) {
        if (told) {
            return;
        }
        InetAddress address = target.getAddress();
        if (ported && target.getPort() == 0 && !hasPort()) {
            tell(block::error, "has no port to connect to, since the real server's port is 0; give connect_port");
        }
        String family = Addresses.family(address);
        bindTo.filter(source -> !Addresses.family(source).equals(family)).ifPresent(source ->
                block.given("bindto").ifPresent(v -> tell(v::error, source.getHostAddress() + " is "
                        + Addresses.family(source) + " but " + address.getHostAddress() + " is " + family
                        + "; give an " + family + " address")));
        if (address.isLinkLocalAddress() && family.equals("IPv6") && !block.has("bind_if")) {
            tell(block::error, address.getHostAddress() + " is link-local, which says nothing without an interface;"
                    + " give bind_if");
        }
    }

    private void tell(Consumer<String> how, String message) {
        told = true;
        how.accept(message);
    }
}
