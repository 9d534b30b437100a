package dev.vipd.director.metrics;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code global.http}: answers GET for a fixed set of paths, a few clients at once. It only ever reads: commands go by
 * the control socket, which knows who asks.
 */
public final class HttpServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;

    /** Makes the body of one page. */
    public interface Page {
        /** @throws IOException when a part of the daemon does not answer: 503 with its message */
        String body() throws IOException, InterruptedException;
    }

    static { // seconds, read once by the server: a client that sends half a request must not keep a thread for ever
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
    }

    private final com.sun.net.httpserver.HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("http-", 0).factory());

    /**
     * Listens and answers.
     *
     * @param pages by path, {@code /metrics}
     * @param types their content types, by path
     * @throws IOException with a message that says what to do, when the address can't be had
     */
    public HttpServer(InetSocketAddress address, Map<String, Page> pages, Map<String, String> types)
            throws IOException {
        try {
            server = com.sun.net.httpserver.HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw new IOException("global.http: can't listen on " + address.getAddress().getHostAddress() + ":"
                    + address.getPort() + ": " + e.getMessage() + "; give another address or port, or off", e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                Page page = pages.get(exchange.getRequestURI().getPath());
                if (page == null) {
                    reply(exchange, 404, "text/plain", "there is " + String.join(", ", pages.keySet()) + "\n");
                } else if (!exchange.getRequestMethod().equals("GET")) {
                    exchange.getResponseHeaders().set("Allow", "GET");
                    reply(exchange, 405, "text/plain", "GET only\n");
                } else {
                    answer(exchange, page, types.get(exchange.getRequestURI().getPath()));
                }
            }
        });
        server.start();
    }

    /** Where it listens: with port 0 in the configuration, the port that the kernel chose. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, Page page, String type) throws IOException {
        String body;
        try {
            body = page.body();
        } catch (IOException e) {
            reply(exchange, 503, "text/plain", e.getMessage() + "\n");
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        reply(exchange, 200, type, body);
    }

    private static void reply(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
