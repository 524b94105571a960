package txlookup.rebuild.local;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A process in place of a consumer or an API: ready on the port that its last argument names. */
public final class ReadyProcess {
    private ReadyProcess() {}

    /** Answers what it was started with. */
    public static void main(String[] arguments) throws IOException {
        String last = arguments[arguments.length - 1];
        int port = Integer.parseInt(last.substring(last.indexOf('=') + 1));
        byte[] command = String.join(" ", Arrays.asList(arguments)).getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, command.length);
            exchange.getResponseBody().write(command);
            exchange.close();
        });
        server.start();
    }

    static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                ReadyProcess.class.getName());
    }
}
