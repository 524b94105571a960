package txlookup.local.process;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** TCP ports of the loopback address, the only one that anything local listens on. */
public final class Ports {
    public static final String LOOPBACK = "127.0.0.1";

    private static final int CONNECT_MILLIS = 1000;

    private Ports() {}

    /** A port that was free a moment ago. */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot find a free TCP port on " + LOOPBACK + ": " + e, e);
        }
    }

    public static boolean isTaken(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, loopback())) {
            return !socket.isBound();
        } catch (BindException e) {
            return true;
        } catch (IOException e) {
            throw new LocalEnvironmentException("cannot try TCP port " + port + " on " + LOOPBACK + ": " + e, e);
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    /** Whether someone listens and lets connect. */
    public static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(loopback(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public static LocalEnvironmentException taken(String name, int port) {
        return new LocalEnvironmentException(name + " cannot listen on " + LOOPBACK + ":" + port
                + ": another program has that port; stop it or give " + name + " another port");
    }
}
