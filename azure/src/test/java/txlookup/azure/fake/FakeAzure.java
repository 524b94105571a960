package txlookup.azure.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A resource manager over HTTP on this machine, with one subscription: long-running operations, throttling, locks, deny
 * assignments, soft-deleted vaults, lists that lag, and what Azure adds by itself. It judges nobody's policy: what it is
 * asked for and Azure would do, it does.
 */
public final class FakeAzure implements AutoCloseable {
    /** The fake's only subscription. */
    public static final String SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";

    /** As lenient as Azure: its command line sends the template under a name without quotes. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES, JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .build();

    static {
        // Without it each answer waits 40 ms for the client's acknowledgement of its headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final HttpServer within;
    private final ExecutorService threads;
    private final FakeState state = new FakeState();
    private final FakeManager manager;
    private final FakeNetwork network = new FakeNetwork(state);
    private final List<String> requests = new ArrayList<>();
    private Interference interference = (number, method, path) -> Optional.empty();

    /** Puts another answer in the place of the true one. */
    @FunctionalInterface
    public interface Interference {
        /**
         * The answer to the request of that number, from 1 on; empty for the true one.
         *
         * @param path without the query
         */
        Optional<FakeAnswer> instead(int number, String method, String path);
    }

    /**
     * How Azure's slowness looks.
     *
     * @param polls how often an operation is asked about before it is over
     * @param retrySeconds what {@code Retry-After} says
     * @param staleLists how many lists still show what is gone
     * @param throttleEvery every so many requests one is refused with 429; 0 for none
     * @param appearAfter requests after which what Azure adds itself is there
     */
    public record Slowness(int polls, int retrySeconds, int staleLists, int throttleEvery, int appearAfter) {}

    private FakeAzure(int port, Slowness slowness, FakeServices services) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        within = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        threads = Executors.newFixedThreadPool(4, task -> {
            Thread thread = new Thread(task, "fake-azure");
            thread.setDaemon(true);
            return thread;
        });
        manager = new FakeManager(state, slowness, endpoint(), inside(), services);
        for (HttpServer one : List.of(server, within)) {
            one.setExecutor(threads);
            one.createContext("/", exchange -> answer(exchange, one == within));
            one.start();
        }
    }

    /** Starts one on that port of this machine; 0 for any. */
    public static FakeAzure start(int port, Slowness slowness) throws IOException {
        return start(port, slowness, FakeServices.none());
    }

    /** Starts one with something behind its resources. */
    public static FakeAzure start(int port, Slowness slowness, FakeServices services) throws IOException {
        return new FakeAzure(port, slowness, services);
    }

    /** Where it answers. */
    public URI endpoint() {
        return at(server);
    }

    /**
     * Where it answers those who are in its private networks. There is one resource manager; what differs is where the
     * names in its answers lead to, as a private zone's names do.
     */
    public URI inside() {
        return at(within);
    }

    private static URI at(HttpServer one) {
        return URI.create("http://127.0.0.1:" + one.getAddress().getPort());
    }

    /** How often somebody outside tried to reach what is in a private network. */
    public int knocks() {
        return network.knocks();
    }

    /** Changes what there is. */
    public void arrange(Consumer<FakeWorld> arrangement) {
        synchronized (state) {
            arrangement.accept(new FakeWorld(state));
        }
    }

    /** From now on asks it before each answer. */
    public void interfere(Interference other) {
        synchronized (state) {
            interference = other;
            requests.clear();
        }
    }

    /** Every request since the interference was set, such as {@code DELETE /subscriptions/...}. */
    public List<String> requests() {
        synchronized (state) {
            return List.copyOf(requests);
        }
    }

    /** The ids of all groups and resources that are there. */
    public List<String> ids() {
        synchronized (state) {
            List<String> ids = new ArrayList<>();
            state.groups.values().forEach(one -> ids.add(one.path("id").asString("")));
            state.resources.values().forEach(one -> ids.add(one.path("id").asString("")));
            return ids;
        }
    }

    /** Every revision that an app's whole traffic went to, in that order. */
    public List<String> served() {
        synchronized (state) {
            return manager.served();
        }
    }

    /** The revisions of an app that run. */
    public List<String> active(String app) {
        synchronized (state) {
            return state.children.values().stream()
                    .filter(one -> one.path("id").asString("").contains("/containerApps/" + app + "/revisions/"))
                    .filter(one -> one.path("properties").path("active").asBoolean())
                    .map(one -> one.path("name").asString(""))
                    .toList();
        }
    }

    /** The names that deleted vaults hold. */
    public List<String> deletedVaults() {
        synchronized (state) {
            return state.deletedVaults.values().stream()
                    .map(one -> one.path("name").asString(""))
                    .toList();
        }
    }

    private void answer(HttpExchange exchange, boolean inside) throws IOException {
        try (exchange) {
            byte[] received = exchange.getRequestBody().readAllBytes();
            String method = exchange.getRequestMethod();
            URI address = exchange.getRequestURI();
            if (address.getPath().endsWith(FakeTelemetry.PATH)) {
                boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
                FakeAnswer taken;
                synchronized (state) {
                    taken = manager.telemetry().take(received, zipped);
                }
                send(exchange, taken);
                return;
            }
            String sent = new String(received, StandardCharsets.UTF_8);
            FakeAnswer answer;
            synchronized (state) {
                requests.add(method + " " + address.getPath());
                Optional<FakeAnswer> instead = interference.instead(requests.size(), method, address.getPath());
                ObjectNode body = sent.isBlank() ? null : (ObjectNode) JSON.readTree(sent);
                answer = instead.isPresent() && !instead.get().actFirst()
                        ? instead.get()
                        : manager.answer(method, address, body);
                if (instead.isPresent()) {
                    answer = instead.get();
                }
                answer = inside
                        ? answer.linkedTo(endpoint().toString(), inside().toString())
                        : network.fromOutside(answer);
            }
            send(exchange, answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, FakeAnswer answer) throws IOException, InterruptedException {
        if (!answer.delay().isZero()) {
            Thread.sleep(answer.delay().toMillis());
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.getResponseHeaders()
                .set("x-ms-correlation-request-id", UUID.randomUUID().toString());
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            exchange.getResponseHeaders().set(header.getKey(), header.getValue());
        }
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        within.stop(0);
        threads.shutdownNow();
        try {
            network.close();
        } catch (IOException closedAlready) {
            // Nobody knocks any more, which is what is wanted.
        }
    }
}
