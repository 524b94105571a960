package txlookup.azure.revision;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import txlookup.azure.fake.FakeServices;

/** A small server for each revision: ready, unless its image is one of those that are not. */
public final class RevisionServices implements FakeServices, AutoCloseable {
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final Map<String, HttpServer> servers = new HashMap<>();
    private final FakeServices none = FakeServices.none();

    public void breaks(String image) {
        broken.add(image);
    }

    public void mends(String image) {
        broken.remove(image);
    }

    @Override
    public String revision(String app, String revision, Container container) {
        HttpServer server = servers.computeIfAbsent(revision, name -> start(container.image()));
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void deactivated(String revision) {
        HttpServer server = servers.remove(revision);
        if (server != null) {
            server.stop(0);
        }
    }

    /** Whether that revision runs. */
    boolean runs(String revision) {
        return servers.containsKey(revision);
    }

    private HttpServer start(String image) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/ready", exchange -> {
                exchange.sendResponseHeaders(broken.contains(image) ? 503 : 200, -1);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("no port for a revision", e);
        }
    }

    @Override
    public String server(String name, String administrator, String password) {
        return none.server(name, administrator, password);
    }

    @Override
    public void database(String server, String name) {}

    @Override
    public String namespace(String name) {
        return none.namespace(name);
    }

    @Override
    public void hub(String namespace, String name, int partitions) {}

    @Override
    public CompletableFuture<Boolean> job(String name, Container container) {
        return none.job(name, container);
    }

    @Override
    public void removed(String type, String name) {}

    @Override
    public void close() {
        servers.values().forEach(server -> server.stop(0));
    }
}
