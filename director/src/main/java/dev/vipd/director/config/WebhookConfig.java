package dev.vipd.director.config;

import java.net.URI;

/**
 * {@code webhook}: where events are posted to.
 *
 * @param url       http or https
 * @param timeoutNs of one attempt
 * @param retries   further attempts after a failed one
 */
public record WebhookConfig(URI url, long timeoutNs, int retries) {
    public static final long DEFAULT_TIMEOUT_NS = 5_000_000_000L;
    public static final int DEFAULT_RETRIES = 3;
}
