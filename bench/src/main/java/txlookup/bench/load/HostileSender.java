package txlookup.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.bench.servers.ParentWatchdog;

/** Sends hostile requests at a rate from a process of its own, and counts the answers by class. */
public final class HostileSender {
    private static final int CONNECTIONS = 48;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int LONGEST_ANSWER = 256 * 1024;
    private static final String LENGTH = "\r\ncontent-length:";

    private HostileSender() {}

    /** @param act whole, with a token that has expired */
    public static Process start(int port, long count, int perSecond, String expired, String act) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileSender.class.getName(),
                        Integer.toString(port),
                        Long.toString(count),
                        Integer.toString(perSecond))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] input = JsonMapper.shared().writeValueAsBytes(Map.of("expired", expired, "act", act));
        process.getOutputStream().write(input);
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return process;
    }

    /** What it counted, once it has ended. */
    public static JsonNode counts(Process process) throws IOException, InterruptedException {
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the hostile sender ended with " + process.exitValue());
        }
        return JsonMapper.shared().readTree(said);
    }

    public static void main(String[] arguments) throws Exception {
        JsonNode input =
                JsonMapper.shared().readTree(new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine());
        ParentWatchdog.toTheBench();
        int port = Integer.parseInt(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        int perSecond = Integer.parseInt(arguments[2]);
        HostileRequest requests = new HostileRequest(
                input.path("expired").asString(), input.path("act").asString());
        AtomicLong sent = new AtomicLong();
        long started = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        List<Future<Map<String, Long>>> running = new ArrayList<>();
        for (int sender = 0; sender < CONNECTIONS; sender++) {
            SplittableRandom random = new SplittableRandom(sender);
            running.add(threads.submit((Callable<Map<String, Long>>) () -> {
                Map<String, Long> seen = new TreeMap<>();
                try (Connection connection = new Connection(port)) {
                    for (long n; (n = sent.getAndIncrement()) < count; ) {
                        await(started + (long) (n * 1e9 / perSecond));
                        seen.merge(connection.send(requests.next(n, random)), 1L, Long::sum);
                        if (connection.showsTheInside()) {
                            seen.merge("stack_traces", 1L, Long::sum);
                        }
                    }
                }
                return seen;
            }));
        }
        Map<String, Long> all = new TreeMap<>();
        for (Future<Map<String, Long>> one : running) {
            one.get().forEach((kind, times) -> all.merge(kind, times, Long::sum));
        }
        all.put("millis", (System.nanoTime() - started) / 1_000_000);
        System.out.println(JsonMapper.shared().writeValueAsString(all));
        System.exit(0);
    }

    private static void await(long due) {
        for (long left; (left = due - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
    }

    /** One that is opened again whenever the service closes it, as it does after what is no HTTP. */
    private static final class Connection implements AutoCloseable {
        private final int port;
        private Socket socket;
        private String answer = "";

        private Connection(int port) {
            this.port = port;
        }

        /** The class of the answer, as {@code 4xx}; {@code none} where the service closed without one. */
        private String send(byte[] request) throws IOException {
            answer = "";
            try {
                if (socket == null) {
                    socket = new Socket(InetAddress.getLoopbackAddress(), port);
                    socket.setTcpNoDelay(true);
                    socket.setSoTimeout(PATIENCE_MILLIS);
                }
                socket.getOutputStream().write(request);
            } catch (IOException e) {
                // It answers what it has not read whole, and closes: the answer is there all the same.
            }
            if (socket == null) {
                return "none";
            }
            try {
                read();
            } catch (IOException e) {
                close();
            }
            if (answer.length() < "HTTP/1.1 200".length()) {
                close();
                return "none";
            }
            if (answer.toLowerCase(Locale.ROOT).contains("\r\nconnection: close")) {
                close();
            }
            return answer.charAt("HTTP/1.1 ".length()) + "xx";
        }

        private void read() throws IOException {
            StringBuilder seen = new StringBuilder();
            byte[] some = new byte[16 * 1024];
            int whole = Integer.MAX_VALUE;
            while (seen.length() < Math.min(whole, LONGEST_ANSWER)) {
                int read = socket.getInputStream().read(some);
                if (read < 0) {
                    close();
                    break;
                }
                seen.append(new String(some, 0, read, ISO_8859_1));
                answer = seen.toString();
                whole = whole(answer);
            }
        }

        private static int whole(String answer) {
            int body = answer.indexOf("\r\n\r\n");
            if (body < 0) {
                return Integer.MAX_VALUE;
            }
            String head = answer.substring(0, body).toLowerCase(Locale.ROOT);
            int at = head.indexOf(LENGTH);
            if (at < 0) {
                return head.contains("\r\nconnection: close") ? Integer.MAX_VALUE : body + 4;
            }
            int from = at + LENGTH.length();
            int to = head.indexOf('\r', from);
            return body
                    + 4
                    + Integer.parseInt(
                            head.substring(from, to < 0 ? head.length() : to).strip());
        }

        private boolean showsTheInside() {
            return answer.contains("\tat ") || answer.contains("Exception");
        }

        @Override
        public void close() throws IOException {
            if (socket != null) {
                socket.close();
                socket = null;
            }
        }
    }
}
