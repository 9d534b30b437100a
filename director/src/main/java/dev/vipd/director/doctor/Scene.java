package dev.vipd.director.doctor;

import dev.vipd.director.config.MarkedGroup;
import dev.vipd.director.config.ServiceConfig;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.VirtualServer;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.vrrp.StaticHolding;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** A configuration beside what is there, as the checks look at both. */
public final class Scene {
    /** VIPs that are asked for on the wire; each costs some packets. */
    private static final int QUESTIONS_MAX = 256;

    private static final String LOOPBACK = "lo";

    private final VipdConfig config;
    private final Facts.Network network;
    private final Map<InetAddress, List<InterfaceAddress>> having = new HashMap<>();
    private final Map<InetAddress, Vip> vips = new LinkedHashMap<>();

    public Scene(VipdConfig config, Facts.Network network) {
        this.config = config;
        this.network = network;
        network.addresses().forEach(own -> having.computeIfAbsent(own.address(), _ -> new ArrayList<>()).add(own));
        putVips();
    }

    /** The configuration. */
    public VipdConfig config() {
        return config;
    }

    /** What is there. */
    public Facts.Network network() {
        return network;
    }

    /** A real server, or a sorry server, in a virtual server. */
    record Backend(VirtualServer service, RealServer server) {
        String at() {
            return Networks.text(server.address());
        }

        boolean routed() {
            return server.method() != ForwardingMethod.NAT;
        }
    }

    /** Who has {@code vip}, asked on an interface of this name. */
    public record Question(InetAddress vip, String interfaceName) {}

    List<Backend> backends() {
        return config.services().stream()
                .map(ServiceConfig::server)
                .flatMap(service -> Stream.concat(service.realServers().stream(), service.sorryServers().stream())
                        .map(server -> new Backend(service, server)))
                .toList();
    }

    /** Of real servers, and of services: what the way to is looked up. */
    public Set<InetAddress> destinations() {
        Set<InetAddress> all = new LinkedHashSet<>();
        backends().forEach(backend -> all.add(backend.server().address()));
        vips.keySet().forEach(address -> all.add(address));
        return all;
    }

    /** Addresses of real servers that are on the link, by interface. */
    public List<Question> neighbours() {
        return backends().stream()
                .map(backend -> backend.server().address())
                .distinct()
                .flatMap(address -> way(address).stream()
                        .filter(way -> !way.local() && way.via().isEmpty())
                        .map(way -> new Question(address, way.interfaceName())))
                .limit(QUESTIONS_MAX)
                .toList();
    }

    /** On which interface each VIP is asked for: where it is held, or would be. */
    public List<Question> questions() {
        return vips.values().stream()
                .flatMap(vip -> place(vip).map(name -> new Question(vip.address(), name)).stream())
                .limit(QUESTIONS_MAX)
                .toList();
    }

    /** While it is not held a macvlan of its own may be down, so it is asked for on the interface below it. */
    private Optional<String> place(Vip vip) {
        Optional<String> held = holders(vip.address()).stream().findFirst();
        Optional<String> base = base(vip).filter(name -> link(name).isPresent());
        return held.or(() -> base).or(() -> way(vip.address())
                .filter(way -> !way.local() && way.via().isEmpty())
                .map(Facts.Way::interfaceName));
    }

    /** The interface that a VIP belongs on, or that below its macvlan. */
    static Optional<String> base(Vip vip) {
        return vip.configured().flatMap(address -> address.options().device())
                .or(() -> vip.instance().map(VirtualRouterConfig::interfaceName));
    }

    /** All addresses that clients send to: of instances, static ones, and of services. */
    List<Vip> vips() {
        return List.copyOf(vips.values());
    }

    private void putVips() {
        Map<InetAddress, List<String>> services = new LinkedHashMap<>();
        for (ServiceConfig service : config.services()) {
            addresses(service.server()).stream().distinct().forEach(address ->
                    services.computeIfAbsent(address, _ -> new ArrayList<>()).add(service.server().name()));
        }
        for (VirtualRouterConfig instance : config.instances()) {
            Stream.concat(instance.holding().addresses().stream(), instance.holding().excluded().stream())
                    .forEach(address -> vips.putIfAbsent(address.address(), new Vip(
                            address.address(), Optional.of(address), Optional.of(instance),
                            services.getOrDefault(address.address(), List.of()))));
        }
        services.forEach((address, names) -> vips.putIfAbsent(
                address, new Vip(address, staticAddress(address), Optional.empty(), names)));
    }

    /** Its own, or the single ones whose packets get its firewall mark; a range is a matter of routes. */
    private List<InetAddress> addresses(VirtualServer server) {
        return server.keys().stream()
                .flatMap(key -> switch (key) {
                    case ServiceKey.At at -> Stream.of(at.address());
                    case ServiceKey.Mark mark -> config.lvs().marks().stream()
                            .filter(group -> group.key().equals(mark))
                            .flatMap(group -> group.targets().stream())
                            .filter(target -> target.first().equals(target.last()))
                            .map(MarkedGroup.Target::first);
                })
                .toList();
    }

    private Optional<VirtualAddress> staticAddress(InetAddress address) {
        return config.statics().stream()
                .map(StaticHolding::item)
                .flatMap(item -> item instanceof VirtualAddress held ? Stream.of(held) : Stream.empty())
                .filter(held -> held.address().equals(address))
                .findFirst();
    }

    /** Names of the interfaces that have the address, the loopback left out. */
    public List<String> holders(InetAddress address) {
        return having(address).stream().map(this::name).filter(name -> !name.equals(LOOPBACK)).distinct().toList();
    }

    boolean onLoopback(InetAddress address) {
        return having(address).stream().anyMatch(own -> name(own).equals(LOOPBACK));
    }

    /** By an address of an interface, or by a local route. */
    boolean local(InetAddress address) {
        return address.isLoopbackAddress() || !having(address).isEmpty()
                || way(address).filter(Facts.Way::local).isPresent();
    }

    List<InterfaceAddress> having(InetAddress address) {
        return having.getOrDefault(address, List.of());
    }

    /** Addresses of an interface that are no VIPs, of the family of {@code like}. */
    public List<InterfaceAddress> own(String interfaceName, InetAddress like) {
        return network.addresses().stream()
                .filter(own -> own.address() instanceof Inet4Address == like instanceof Inet4Address)
                .filter(own -> !vips.containsKey(own.address()) && name(own).equals(interfaceName))
                .toList();
    }

    String name(InterfaceAddress address) {
        return network.links().stream()
                .filter(link -> link.index() == address.interfaceIndex())
                .map(Link::name)
                .findFirst()
                .orElse("interface " + address.interfaceIndex());
    }

    /** The interface of this name. */
    public Optional<Link> link(String name) {
        return network.links().stream().filter(link -> link.name().equals(name)).findFirst();
    }

    Optional<Facts.Way> way(InetAddress to) {
        return Optional.ofNullable(network.ways().get(to));
    }

    /** The interfaces that packets come in or go out by. */
    public Set<String> interfaces() {
        Set<String> all = new LinkedHashSet<>();
        questions().forEach(question -> all.add(question.interfaceName()));
        network.ways().values().stream().filter(way -> !way.local()).forEach(way -> all.add(way.interfaceName()));
        return all;
    }

    static OptionalInt number(Map<String, String> sysctls, String path) {
        String text = sysctls.getOrDefault(path, "");
        return text.matches("-?[0-9]{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }
}
