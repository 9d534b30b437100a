package dev.vipd.director.config;

import dev.vipd.director.config.HostFiles.Authorities;
import dev.vipd.director.config.HostFiles.Pair;
import dev.vipd.director.config.HostFiles.Place;
import dev.vipd.healthcheck.TlsConfig;
import dev.vipd.healthcheck.TlsConfig.ClientCert;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The TLS keys of a check. A certificate is verified unless {@code verify: none} says that it is not. */
final class TlsBinder {
    static final List<String> KEYS = List.of("sni", "verify", "ca", "certificate", "key", "expiry_warning");

    private static final Map<String, Boolean> VERIFY = new TreeMap<>(Map.of("full", true, "none", false));
    private static final int EXPIRY_DAYS = 14;
    private static final int EXPIRY_DAYS_MAX = 3650;
    private static final String NAME = "a host name such as www.example.org, or off";
    private static final Pattern HOST = Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");

    private final Map<String, Authorities> authorities = new LinkedHashMap<>();
    private final Map<ClientCert, Pair> pairs = new LinkedHashMap<>();
    private final Shared<TlsConfig> shared = new Shared<>();

    /** The keys of one check; its server name may come from elsewhere. */
    final class Template {
        private final Block block;
        private final TlsConfig config;
        private final Map<Optional<String>, TlsConfig> named = new HashMap<>();
        private boolean told;

        private Template(Block block, TlsConfig config) {
            this.block = block;
            this.config = config;
        }

        /** @param virtualHost is the server name where {@code sni} is not given, if it is a name */
        TlsConfig named(Optional<String> virtualHost) {
            return named.computeIfAbsent(virtualHost, this::make);
        }

        private TlsConfig make(Optional<String> virtualHost) {
            if (block.has("sni")) {
                return shared.one(config);
            }
            Optional<String> name = virtualHost.flatMap(TlsBinder::hostName);
            if (name.isEmpty() && config.verify() && !told) {
                told = true;
                block.warning("the certificate must be for the real server's address, since no name is known; give"
                        + " sni: the name, sni: off if it is so, or verify: none");
            }
            return shared.one(new TlsConfig(
                    name, config.verify(), config.caFile(), config.clientCert(), config.expiryDays()));
        }
    }

    /** Takes its keys out of a block. */
    Template bind(Block b) {
        Optional<String> sni = b.value("sni").flatMap(TlsBinder::sni);
        boolean verify = b.choice("verify", VERIFY).orElse(true);
        Optional<Value> caAt = b.value("ca");
        Optional<String> ca = caAt.flatMap(NotifyBinder::path);
        Optional<Value> certificateAt = b.value("certificate");
        Optional<String> certificate = certificateAt.flatMap(NotifyBinder::path);
        Optional<Value> keyAt = b.value("key");
        Optional<String> key = keyAt.flatMap(NotifyBinder::path);
        Optional<Integer> expiry = b.value("expiry_warning")
                .flatMap(v -> v.isOff() ? Optional.of(0) : v.integer(0, EXPIRY_DAYS_MAX));
        if (!verify) {
            caAt.ifPresent(v -> v.error("has no effect, since verify: none takes any certificate; remove one of them"));
        }
        if (certificateAt.isPresent() != keyAt.isPresent()) {
            String missing = certificateAt.isPresent() ? "key" : "certificate";
            certificateAt.or(() -> keyAt).ifPresent(v ->
                    v.error("is of no use without " + missing + "; give that too"));
        }
        ca.ifPresent(file -> authorities.computeIfAbsent(file, f -> new Authorities(Place.of(caAt.get()), f)));
        Optional<ClientCert> pair = certificate.flatMap(file -> key.map(secret -> new ClientCert(file, secret)));
        pair.ifPresent(files -> pairs.computeIfAbsent(files, f ->
                new Pair(Place.of(certificateAt.get()), Place.of(keyAt.get()), f)));
        return new Template(b, new TlsConfig(sni, verify, ca, pair, expiry.orElse(EXPIRY_DAYS)));
    }

    /** Under a key of its own: {@code true}, or a block with the keys; empty when it is off, or wrong. */
    Optional<Template> under(Value value) {
        if (value.isScalar()) {
            return value.bool().filter(on -> on).map(_ -> bind(new Block(List.of(), value)));
        }
        return value.block("{ sni: www.example.org }").map(b -> {
            Template template = bind(b);
            b.finish();
            return template;
        });
    }

    /** The files of PEM text that were named. */
    List<Authorities> authorities() {
        return new ArrayList<>(authorities.values());
    }

    List<Pair> pairs() {
        return new ArrayList<>(pairs.values());
    }

    private static Optional<String> sni(Value value) {
        return value.isOff() ? Optional.empty() : value.text(NAME).filter(text -> {
            boolean good = hostName(text).filter(text::equals).isPresent();
            if (!good) {
                value.error(Spelling.quote(text) + " is not " + NAME);
            }
            return good;
        });
    }

    /** The name in a Host header, if there is one: without the port, and no address (RFC 6066, section 3). */
    private static Optional<String> hostName(String host) {
        int colon = host.indexOf(':');
        String name = colon < 0 ? host : host.substring(0, colon);
        return HOST.matcher(name).matches() && Addresses.ip(name).isEmpty() ? Optional.of(name) : Optional.empty();
    }
}
