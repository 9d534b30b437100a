package dev.vipd.director.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    private final HttpServer server = start(0);

    HttpServerTest() throws IOException {}

    private static HttpServer start(int port) throws IOException {
        return new HttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                Map.of("/good", () -> "grüße\n", "/bad", () -> {
                    throw new IOException("the vrrp thread does not answer");
                }),
                Map.of("/good", "text/plain", "/bad", "text/plain"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
            return client.send(
                    HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void shouldAnswerWithThePage() throws Exception {
        HttpResponse<String> response = ask("GET", "/good?x=1");
        assertEquals("200 grüße\n", response.statusCode() + " " + response.body());
        assertEquals("text/plain; charset=utf-8", response.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void shouldSayWhyAPageIsNotThere() throws Exception {
        HttpResponse<String> response = ask("GET", "/bad");
        assertEquals("503 the vrrp thread does not answer\n", response.statusCode() + " " + response.body());
        assertEquals(404, ask("GET", "/else").statusCode());
        assertEquals(405, ask("POST", "/good").statusCode());
    }

    @Test
    void shouldSayWhatToDoAboutATakenPort() {
        IOException e = assertThrows(IOException.class, () -> start(server.address().getPort()));
        assertTrue(e.getMessage().startsWith("global.http: can't listen on 127.0.0.1:"), e.getMessage());
        assertTrue(e.getMessage().endsWith("give another address or port, or off"), e.getMessage());
    }
}
