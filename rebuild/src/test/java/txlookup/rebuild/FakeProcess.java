package txlookup.rebuild;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A process of the environment as its port shows it: fixed answers by path, 404 with nothing for all others. */
public final class FakeProcess implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    /** What callers authorised themselves with, in their order; empty where they did not. */
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    /** Which generation callers asked for, in their order; empty where they asked for none. */
    private final List<String> generations = new CopyOnWriteArrayList<>();

    private record Answer(int status, String body) {}

    public FakeProcess() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public FakeProcess answers(String path, int status, String body) {
        answers.put(path, new Answer(status, body));
        return this;
    }

    public URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    public List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    public List<String> generations() {
        return List.copyOf(generations);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        authorizations.add(authorization == null ? "" : authorization);
        String generation = exchange.getRequestHeaders().getFirst("X-Generation");
        generations.add(generation == null ? "" : generation);
        Answer answer = answers.getOrDefault(exchange.getRequestURI().getRawPath(), new Answer(404, "{}"));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
