package txlookup.gate.observe;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;
import txlookup.gate.observe.record.ServiceHttp;

/** Passes on a service's real metrics, altered, until it is closed. */
final class AlteredMetrics implements AutoCloseable {
    private final HttpServer server;

    AlteredMetrics(URI original, UnaryOperator<String> alteration) throws IOException {
        ServiceHttp http = new ServiceHttp(Optional::empty);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try {
                byte[] body = alteration.apply(http.get(original).body()).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    URI address() {
        return URI.create(
                "http://127.0.0.1:%d/metrics".formatted(server.getAddress().getPort()));
    }

    void stop() {
        server.stop(0);
    }

    @Override
    public void close() {
        stop();
    }
}
