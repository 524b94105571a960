package txlookup.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/**
 * One HTTP/1.1 connection that is kept alive. It does as little as it can: client and service share the processors, and
 * a whole HTTP client would take more of them than what is measured.
 */
final class KeptAlive implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    KeptAlive(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** The answer's status, once it is read whole. */
    int get(String path) throws IOException {
        String request = "GET %s HTTP/1.1\r\nHost: localhost\r\nX-Actor-Id: bench\r\nX-Actor-Roles: ADMIN_READ\r\n\r\n";
        socket.getOutputStream().write(request.replace("%s", path).getBytes(ISO_8859_1));
        String status = line();
        long length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Long.parseLong(
                        header.substring("content-length:".length()).strip());
            }
        }
        if (length < 0) {
            throw new IOException("GET " + path + " was answered without Content-Length");
        }
        in.skipNBytes(length);
        return Integer.parseInt(status.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the service closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
