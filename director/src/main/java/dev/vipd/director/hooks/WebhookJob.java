package dev.vipd.director.hooks;

import dev.vipd.director.config.WebhookConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Posts one event, with further attempts after a failed one, each after twice the pause of the one before. A newer
 * event ends them. Redirects are not followed: the body would go where nobody configured it to.
 *
 * @param hook key of the configuration
 * @param node {@code router_id}
 */
record WebhookJob(HookEvent event, String hook, WebhookConfig config, String node) implements HookQueue.Job {
    private static final long FIRST_PAUSE_MS = 1_000;

    /** Scheme and host alone: the path of many a webhook is a secret. */
    @Override
    public String what() {
        return config.url().getScheme() + "://" + config.url().getRawAuthority().replaceFirst(".*@", "");
    }

    @Override
    public HookLog.Outcome run(HookQueue.Turn turn) throws InterruptedException {
        HookLog.Outcome outcome = post();
        long pauseMs = FIRST_PAUSE_MS;
        for (int i = 0; i < config.retries() && !outcome.ok() && turn.pause(pauseMs); i++) {
            outcome = post();
            pauseMs *= 2;
        }
        return outcome;
    }

    private HookLog.Outcome post() {
        byte[] body = event.json(node).getBytes(StandardCharsets.UTF_8);
        int timeoutMs = Math.toIntExact(TimeUnit.NANOSECONDS.toMillis(config.timeoutNs()));
        HttpURLConnection connection = null;
        try {
            HttpURLConnection opened = (HttpURLConnection) config.url().toURL().openConnection(Proxy.NO_PROXY);
            connection = opened;
            opened.setConnectTimeout(timeoutMs);
            opened.setReadTimeout(timeoutMs);
            opened.setInstanceFollowRedirects(false);
            opened.setRequestMethod("POST");
            opened.setRequestProperty("Content-Type", "application/json");
            opened.setRequestProperty("Connection", "close");
            opened.setDoOutput(true);
            opened.setFixedLengthStreamingMode(body.length); // and so it is not sent twice behind our back
            // each read has a timeout of its own; a server that sends a byte now and then would go on for ever
            CompletableFuture.delayedExecutor(timeoutMs, TimeUnit.MILLISECONDS).execute(opened::disconnect);
            try (OutputStream out = opened.getOutputStream()) {
                out.write(body);
            }
            int status = opened.getResponseCode();
            return new HookLog.Outcome(status / 100 == 2, "HTTP " + status, "");
        } catch (IOException | IllegalArgumentException e) {
            return new HookLog.Outcome(false, "not delivered: " + e.getMessage(), "");
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }
}
