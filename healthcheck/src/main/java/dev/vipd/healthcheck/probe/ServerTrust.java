package dev.vipd.healthcheck.probe;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges servers' certificates as the JDK does, but says apart what is wrong: {@link Refused}. Without a judge any
 * certificate is taken.
 */
final class ServerTrust extends X509ExtendedTrustManager {
    private static final X509Certificate[] NO_ISSUERS = {};

    private final X509ExtendedTrustManager judge;

    private ServerTrust(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    /** Takes any certificate. */
    static ServerTrust any() {
        return new ServerTrust(null);
    }

    /** @param authorities holds the authorities that are trusted; null: those of the Java runtime */
    static ServerTrust in(KeyStore authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return new ServerTrust(Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (judge == null) {
            return;
        }
        try {
            judge.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw new Refused(List.of(chain), isTrusted(chain, authType), e);
        }
    }

    /** Whether the path to an authority is good, whoever the certificate is for. */
    private boolean isTrusted(X509Certificate[] chain, String authType) {
        try {
            judge.checkServerTrusted(chain, authType);
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge == null ? NO_ISSUERS : judge.getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("not judged without an engine");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("not judged without an engine");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    /** A certificate that was not taken. */
    static final class Refused extends CertificateException {
        private static final long serialVersionUID = 1;

        private final transient List<X509Certificate> chain;
        private final boolean trusted;

        Refused(List<X509Certificate> chain, boolean trusted, CertificateException cause) {
            super(cause);
            this.chain = chain;
            this.trusted = trusted;
        }

        /**
         * For people: {@code certificate expired 3 days ago}.
         *
         * @param name  who it should be for
         * @param nowMs wall-clock time
         */
        String reason(String name, long nowMs) {
            String dates = CertificateDates.of(chain.getFirst()).fault(nowMs);
            if (!dates.isEmpty()) {
                return dates;
            }
            if (trusted) {
                return "certificate is not for " + name;
            }
            return chain.stream()
                    .map(issuer -> CertificateDates.of(issuer).fault(nowMs))
                    .filter(fault -> !fault.isEmpty())
                    .map(fault -> "issuer's " + fault)
                    .findFirst()
                    .orElse("certificate is not trusted");
        }
    }
}
