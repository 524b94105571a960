package txlookup.consumer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * What probes and Prometheus ask the consumer's process: {@code /health} (200 while it lives), {@code /ready} (200, or 503
 * with one reason a line) and {@code /metrics} (Prometheus text).
 */
final class ConsumerEndpoint implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread created = new Thread(task, "endpoint");
        created.setDaemon(true);
        return created;
    });

    ConsumerEndpoint(InetSocketAddress address, PrometheusMeterRegistry registry, Supplier<List<String>> notReady)
            throws IOException {
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException(
                    "The consumer's endpoint cannot listen on %s: %s. Choose another with consumer.port"
                            .formatted(address, e.getMessage()),
                    e);
        }
        server.setExecutor(thread);
        server.createContext("/health", exchange -> answer(exchange, 200, "alive\n"));
        server.createContext("/ready", exchange -> {
            List<String> reasons = notReady.get();
            answer(
                    exchange,
                    reasons.isEmpty() ? 200 : 503,
                    reasons.isEmpty() ? "ready\n" : String.join("\n", reasons) + "\n");
        });
        server.createContext("/metrics", exchange -> answer(exchange, 200, registry.scrape()));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
    }
}
