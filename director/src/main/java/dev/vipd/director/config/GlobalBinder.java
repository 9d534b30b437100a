package dev.vipd.director.config;

import dev.vipd.director.config.GlobalConfig.OnStop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code global} says of the daemon itself; {@link VrrpDefaults} is the rest of the block. */
final class GlobalBinder {
    /** sun_path of unix(7) holds 108 bytes, one of them for the NUL. */
    private static final int SOCKET_PATH_MAX = 107;
    private static final int RT_PRIORITY_MAX = 99;

    private GlobalBinder() {}

    static GlobalConfig bind(Block b) {
        Optional<String> routerId = b.value("router_id").flatMap(v -> v.name("a name such as lb1"));
        Optional<String> socket = b.value("control_socket").flatMap(GlobalBinder::socketPath);
        Optional<OnStop> onStop = b.choice("on_stop", Value.words(OnStop.class, true));
        Optional<Long> resync = b.duration("resync_interval", Durations.SECOND, Durations.HOUR);
        return new GlobalConfig(
                routerId.orElseGet(GlobalBinder::hostName),
                socket.orElse(GlobalConfig.DEFAULT_CONTROL_SOCKET),
                onStop.orElse(OnStop.REMOVE),
                resync.orElse(GlobalConfig.DEFAULT_RESYNC_INTERVAL_NS),
                b.value("http").flatMap(GlobalBinder::http),
                b.value("state_dir").flatMap(NotifyBinder::path).orElse(GlobalConfig.DEFAULT_STATE_DIR),
                b.integer("vrrp_rt_priority", 0, RT_PRIORITY_MAX).orElse(GlobalConfig.DEFAULT_VRRP_RT_PRIORITY));
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
