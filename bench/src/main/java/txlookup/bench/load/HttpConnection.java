package txlookup.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;

/**
 * One HTTP/1.1 connection that is kept alive. It does as little as it can: client and service share the processors, and
 * a whole HTTP client would take more of them than what is measured.
 */
public final class HttpConnection implements AutoCloseable {
    private static final String ACTOR = "X-Actor-Id: bench\r\nX-Actor-Roles: ADMIN_READ";

    private static final String LENGTH = "\r\ncontent-length:";

    private final Socket socket;
    private final String headers;
    private byte[] answer = new byte[16 * 1024];
    private int filled;
    private int bodyBegins;

    public HttpConnection(int port) throws IOException {
        this(port, ACTOR);
    }

    /** @param who the headers that say who asks */
    public HttpConnection(int port, String who) throws IOException {
        headers = " HTTP/1.1\r\nHost: localhost\r\n" + who + "\r\n\r\n";
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
    }

    /** The answer's status, once it is read whole. */
    public int get(String path) throws IOException {
        socket.getOutputStream().write(("GET " + path + headers).getBytes(ISO_8859_1));
        filled = 0;
        int body = 0;
        while (body == 0) {
            read();
            body = endOfHeaders();
        }
        bodyBegins = body;
        String head = new String(answer, 0, body, ISO_8859_1);
        for (int whole = body + contentLength(head, path); filled < whole; ) {
            read();
        }
        return Integer.parseInt(head, "HTTP/1.1 ".length(), "HTTP/1.1 200".length(), 10);
    }

    /** A header of the last answer, by its name in lower case; empty where it has none. */
    String header(String name) {
        String headers = new String(answer, 0, bodyBegins, ISO_8859_1).toLowerCase(Locale.ROOT);
        int at = headers.indexOf("\r\n" + name + ": ");
        int begin = at + name.length() + 4;
        return at < 0 ? "" : headers.substring(begin, headers.indexOf('\r', begin));
    }

    /** The body of the last answer. */
    String body() {
        return new String(answer, bodyBegins, filled - bodyBegins, ISO_8859_1);
    }

    private void read() throws IOException {
        if (filled == answer.length) {
            answer = Arrays.copyOf(answer, 2 * filled);
        }
        int read = socket.getInputStream().read(answer, filled, answer.length - filled);
        if (read < 0) {
            throw new EOFException("the service closed the connection");
        }
        filled += read;
    }

    private int endOfHeaders() {
        for (int at = 3; at < filled; at++) {
            if (answer[at] == '\n' && answer[at - 1] == '\r' && answer[at - 2] == '\n' && answer[at - 3] == '\r') {
                return at + 1;
            }
        }
        return 0;
    }

    private static int contentLength(String headers, String path) throws IOException {
        int at = headers.toLowerCase(Locale.ROOT).indexOf(LENGTH);
        if (at < 0) {
            throw new IOException("GET " + path + " was answered without Content-Length");
        }
        int begin = at + LENGTH.length();
        return Integer.parseInt(
                headers.substring(begin, headers.indexOf('\r', begin)).strip());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
