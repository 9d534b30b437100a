package dev.vipd.healthcheck;

import java.util.Optional;

/**
 * TLS towards a real server.
 *
 * @param serverName {@code sni}: name sent to the server and looked for in its certificate; empty: none is sent, and
 *                   the certificate must be for the address
 * @param verify     whether the certificate must be valid; {@code verify: none} takes any, as keepalived does
 * @param caFile     {@code ca}: PEM file of the authorities that are trusted; empty: those of the system
 * @param clientCert {@code certificate} and {@code key}: PEM files to show when the server asks
 * @param expiryDays {@code expiry_warning}: warn when the certificate is valid for less than so many days; 0: never
 */
public record TlsConfig(
        Optional<String> serverName,
        boolean verify,
        Optional<String> caFile,
        Optional<ClientCert> clientCert,
        int expiryDays) {

    /**
     * Paths of PEM files.
     *
     * @param certificate the certificate, then those that lead to the authority
     * @param key         its unencrypted PKCS#8 key
     */
    public record ClientCert(String certificate, String key) {}
}
