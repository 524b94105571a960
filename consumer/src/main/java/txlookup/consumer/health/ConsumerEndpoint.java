package txlookup.consumer.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * What probes and Prometheus ask the consumer's process: {@code /health} (200 while it lives, 503 when only a restart
 * helps), {@code /ready} (200 with what is worth a look, or 503 with one reason a line) and {@code /metrics} (Prometheus
 * text).
 */
public final class ConsumerEndpoint implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread created = new Thread(task, "endpoint");
        created.setDaemon(true);
        return created;
    });

    public ConsumerEndpoint(InetSocketAddress address, PrometheusMeterRegistry registry, Supplier<Probes> probes)
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
        server.createContext("/health", exchange -> {
            Optional<String> dead = probes.get().dead();
            answer(exchange, dead.isEmpty() ? 200 : 503, dead.orElse("alive") + "\n");
        });
        server.createContext("/ready", exchange -> {
            Probes now = probes.get();
            List<String> reasons = now.notReady();
            List<String> lines = new ArrayList<>(reasons.isEmpty() ? List.of("ready") : reasons);
            lines.addAll(now.notes());
            answer(exchange, reasons.isEmpty() ? 200 : 503, String.join("\n", lines) + "\n");
        });
        server.createContext("/metrics", exchange -> answer(exchange, 200, registry.scrape()));
    }

    /** Begins to answer; the port is known before. */
    public void start() {
        server.start();
    }

    /** Where other processes of the environment reach it, as host and port. */
    public String address() {
        return host(server.getAddress().getAddress()) + ":" + port();
    }

    private static String host(InetAddress bound) {
        try {
            return (bound.isAnyLocalAddress() ? InetAddress.getLocalHost() : bound).getHostAddress();
        } catch (UnknownHostException e) {
            // A container whose name nobody resolves: its port is known all the same.
            return bound.getHostAddress();
        }
    }

    public int port() {
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
