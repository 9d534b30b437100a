package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.TlsConfig;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/**
 * What the checks with the same files share: authorities, client certificate, sessions. Made once in the process, by
 * the first of them, and gone with the last. Reads files: not to be made on a check thread.
 */
final class TlsContext {
    /** Entries go when nobody holds the context, since that holds the key. */
    private static final Map<TlsConfig, WeakReference<TlsContext>> SHARED = new WeakHashMap<>();

    /** Where distributions keep the authorities that the host trusts: Debian, Red Hat, SUSE, Alpine. */
    private static final List<Path> SYSTEM_AUTHORITIES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    /** A session takes some ten kilobytes; to resume one only saves time. */
    private static final int SESSIONS_MAX = 1000;

    private static final int SESSION_SECONDS_MAX = 3600;

    private final TlsConfig files;
    private volatile Made made;

    /**
     * What was made of the files.
     *
     * @param fault  why there can be no TLS; empty: there can
     * @param stamps what tells these files from later ones of the same names
     */
    private record Made(SSLContext context, String fault, List<String> stamps) {}

    private TlsContext(TlsConfig files) {
        this.files = files;
        this.made = read();
    }

    private Made read() {
        List<String> stamps = stamps();
        try {
            return new Made(make(), "", stamps);
        } catch (PemFile.Unusable e) {
            return new Made(null, e.getMessage(), stamps);
        } catch (GeneralSecurityException | IOException e) {
            return new Made(null, "TLS can't be set up: " + e.getMessage(), stamps);
        }
    }

    private List<String> stamps() {
        return Stream.concat(
                        files.caFile().stream(),
                        files.clientCert().stream().flatMap(client -> Stream.of(client.certificate(), client.key())))
                .map(Path::of)
                .map(TlsContext::stamp)
                .toList();
    }

    private static String stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The one for these files; what differs in other respects shares it. */
    static TlsContext of(TlsConfig config) {
        TlsConfig key = new TlsConfig(Optional.empty(), config.verify(),
                config.verify() ? config.caFile() : Optional.empty(), config.clientCert(), 0);
        synchronized (SHARED) {
            WeakReference<TlsContext> shared = SHARED.get(key);
            TlsContext context = shared == null ? null : shared.get();
            if (context == null) {
                context = new TlsContext(key);
                SHARED.remove(key); // with the key that nobody holds any more
                SHARED.put(context.files, new WeakReference<>(context));
            }
            return context;
        }
    }

    /**
     * Reads files that were replaced since, or that were no good, for all checks that use them: a renewed certificate
     * has the name of the old one. What works is not given up for what does not.
     */
    static void readAgain() {
        synchronized (SHARED) {
            for (WeakReference<TlsContext> shared : SHARED.values()) {
                TlsContext context = shared.get();
                if (context != null && !(context.fault().isEmpty() && context.made.stamps.equals(context.stamps()))) {
                    Made now = context.read();
                    context.made = now.fault.isEmpty() || !context.fault().isEmpty() ? now : context.made;
                }
            }
        }
    }

    /** Why there can be no TLS: a file can't be read or holds something else; empty: all is well. */
    String fault() {
        return made.fault;
    }

    /** @param host name or address of the server; what the certificate must be for */
    SSLEngine newEngine(String host, int port) {
        SSLEngine engine = made.context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        return engine;
    }

    private SSLContext make() throws GeneralSecurityException, IOException, PemFile.Unusable {
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(keyManagers(), new TrustManager[] {trust()}, null);
        made.getClientSessionContext().setSessionCacheSize(SESSIONS_MAX);
        made.getClientSessionContext().setSessionTimeout(SESSION_SECONDS_MAX);
        return made;
    }

    private ServerTrust trust() throws GeneralSecurityException, IOException, PemFile.Unusable {
        if (!files.verify()) {
            return ServerTrust.any();
        }
        Optional<Path> authorities = files.caFile().map(Path::of)
                .or(() -> SYSTEM_AUTHORITIES.stream().filter(path -> path.toFile().canRead()).findFirst());
        if (authorities.isEmpty()) {
            return ServerTrust.in(null);
        }
        KeyStore store = emptyStore();
        int number = 0;
        for (X509Certificate authority : PemFile.certificates(authorities.get())) {
            store.setCertificateEntry("authority-" + number++, authority);
        }
        return ServerTrust.in(store);
    }

    private KeyManager[] keyManagers() throws GeneralSecurityException, IOException, PemFile.Unusable {
        if (files.clientCert().isEmpty()) {
            return new KeyManager[0];
        }
        TlsConfig.ClientCert client = files.clientCert().get();
        X509Certificate[] chain =
                PemFile.certificates(Path.of(client.certificate())).toArray(X509Certificate[]::new);
        PrivateKey key = PemFile.privateKey(Path.of(client.key()));
        if (!key.getAlgorithm().equals(chain[0].getPublicKey().getAlgorithm())) {
            throw new PemFile.Unusable(client.key() + " is not the key of " + client.certificate());
        }
        char[] password = {};
        KeyStore store = emptyStore();
        store.setKeyEntry("client", key, password, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
