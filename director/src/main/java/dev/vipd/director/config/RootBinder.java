package dev.vipd.director.config;

import dev.vipd.director.config.GlobalConfig.OnStop;
import dev.vipd.vrrp.TrackScriptConfig;
import dev.vipd.vrrp.TrackersConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The top of the file. */
final class RootBinder {
    /** sun_path of unix(7) holds 108 bytes, one of them for the NUL. */
    private static final int SOCKET_PATH_MAX = 107;

    private final Findings findings;
    private final Map<String, Integer> lines = new HashMap<>();

    RootBinder(Findings findings) {
        this.findings = findings;
    }

    /** Empty when an error was found. */
    Optional<VipdConfig> bind(Block root) {
        GlobalConfig global = global(root);

        ScriptBinder scriptBinder = new ScriptBinder();
        List<TrackScriptConfig> scripts = section(root, "vrrp_scripts",
                "chk: { script: /usr/bin/true }", scriptBinder::bind);
        TrackersConfig trackers = new TrackersConfig(scripts, List.of(), List.of(), List.of(), List.of());
        TrackBinder tracks = new TrackBinder(scriptBinder.weights());
        InstanceBinder instanceBinder = new InstanceBinder(tracks);
        List<VirtualRouterConfig> instances = section(root, "vrrp_instances",
                "VI_1: { interface: eth0, virtual_router_id: 51, virtual_ipaddress: [ 192.0.2.1/24 ] }",
                instanceBinder::bind);
        scriptBinder.warnUnused(tracks.usedScripts());
        List<ServiceConfig> services = section(root, "virtual_servers",
                "web: { address: 192.0.2.1:80, real_servers: [ { address: 192.0.2.11:80 } ] }",
                new ServiceBinder()::bind);
        root.finish();
        if (!findings.hasErrors() && instances.isEmpty() && services.isEmpty()) {
            root.error("there is nothing to do; give vrrp_instances or virtual_servers");
        }
        return findings.hasErrors()
                ? Optional.empty()
                : Optional.of(new VipdConfig(global, trackers, List.of(), instances, services, lines));
    }

    /** A section whose keys are names of blocks of one kind. */
    private <T> List<T> section(Block root, String key, String example, BiFunction<String, Block, Optional<T>> binder) {
        Map<String, Value> named = root.value(key)
                .flatMap(v -> v.block("{ " + example + " }"))
                .map(Block::named)
                .orElseGet(LinkedHashMap::new);
        List<T> bound = new ArrayList<>();
        named.forEach((name, value) -> {
            lines.put(value.path(), value.owner().line());
            value.block(example.substring(example.indexOf('{')))
                    .flatMap(block -> binder.apply(name, block))
                    .ifPresent(bound::add);
        });
        return bound;
    }

    private GlobalConfig global(Block root) {
        Optional<Block> given = root.value("global").flatMap(v -> v.block("{ router_id: lb1 }"));
        Optional<String> routerId = given.flatMap(b -> b.value("router_id")).flatMap(v -> v.name("a name such as lb1"));
        Optional<String> socket = given.flatMap(b -> b.value("control_socket")).flatMap(RootBinder::socketPath);
        Optional<OnStop> onStop = given.flatMap(b -> b.choice("on_stop", Value.words(OnStop.class, true)));
        Optional<Long> resync = given.flatMap(b -> b.duration("resync_interval", Durations.SECOND, Durations.HOUR));
        Optional<InetSocketAddress> http = given.flatMap(b -> b.value("http")).flatMap(RootBinder::http);
        given.ifPresent(Block::finish);
        return new GlobalConfig(
                routerId.orElseGet(RootBinder::hostName),
                socket.orElse(GlobalConfig.DEFAULT_CONTROL_SOCKET),
                onStop.orElse(OnStop.REMOVE),
                resync.orElse(GlobalConfig.DEFAULT_RESYNC_INTERVAL_NS),
                http);
    }

    /** Any address of this host, also the unspecified one; empty for {@code off} and after a finding. */
    private static Optional<InetSocketAddress> http(Value value) {
        String expected = "off, or an address and port to listen on, such as 127.0.0.1:9650";
        Optional<String> text = value.text(expected).filter(given -> !given.equals("off") && !given.equals("false"));
        Optional<Addresses.Endpoint> endpoint = text.flatMap(Addresses::endpoint).filter(e -> e.port() > 0);
        if (text.isPresent() && endpoint.isEmpty()) {
            value.error(Spelling.quote(text.get()) + " is not " + expected);
        }
        return endpoint.map(e -> new InetSocketAddress(e.address(), e.port()));
    }

    private static Optional<String> socketPath(Value value) {
        String expected = "an absolute path of at most " + SOCKET_PATH_MAX + " bytes";
        return value.text(expected).filter(path -> {
            boolean good = path.startsWith("/") && !path.endsWith("/")
                    && path.chars().noneMatch(Character::isISOControl)
                    && path.getBytes(StandardCharsets.UTF_8).length <= SOCKET_PATH_MAX;
            if (!good) {
                value.error(Spelling.quote(path) + " can't be a socket; give " + expected);
            }
            return good;
        });
    }

    /** From the kernel: InetAddress.getLocalHost would ask a name server. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
