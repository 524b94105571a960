package txlookup.azure.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;

/**
 * One app's address, behind which revisions answer by weight. Where a connection goes is decided when it is made; one that
 * went elsewhere is closed once it is quiet and owes no answer, so that nobody loses one when traffic moves.
 */
public final class FakeFront implements AutoCloseable {
    private static final int QUIET_MILLIS = 50;
    private static final int BUFFER = 16_384;

    private final ServerSocket listening;
    private final Random random = new Random(1);
    private volatile List<Integer> ports = List.of();
    private volatile int route;

    public FakeFront() throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    public String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** @param weighted a port as often as its weight wants */
    public void to(List<Integer> weighted) {
        if (!weighted.equals(ports)) {
            ports = List.copyOf(weighted);
            route++;
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                daemon(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Whether the client waits for an answer. */
    private static final class Owed {
        private volatile boolean answer;
    }

    private void serve(Socket client) {
        int mine = route;
        List<Integer> there = ports;
        try (client) {
            if (there.isEmpty()) {
                return;
            }
            try (Socket revision =
                    new Socket(InetAddress.getLoopbackAddress(), there.get(random.nextInt(there.size())))) {
                Owed owed = new Owed();
                client.setSoTimeout(QUIET_MILLIS);
                daemon(() -> answers(revision, client, owed));
                requests(client, revision, owed, mine);
            }
        } catch (IOException gone) {
            // The client sees a closed connection, as it would in front of a process that ended.
        }
    }

    private void requests(Socket client, Socket revision, Owed owed, int mine) throws IOException {
        InputStream from = client.getInputStream();
        OutputStream to = revision.getOutputStream();
        byte[] buffer = new byte[BUFFER];
        while (mine == route || owed.answer) {
            try {
                int read = from.read(buffer);
                if (read < 0) {
                    return;
                }
                owed.answer = true;
                to.write(buffer, 0, read);
            } catch (SocketTimeoutException quiet) {
                // Looks again whether traffic moved.
            }
        }
    }

    private static void answers(Socket revision, Socket client, Owed owed) {
        try {
            InputStream from = revision.getInputStream();
            OutputStream to = client.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            int read = from.read(buffer);
            while (read >= 0) {
                to.write(buffer, 0, read);
                owed.answer = from.available() > 0;
                read = from.read(buffer);
            }
            client.close();
        } catch (IOException ended) {
            // One of the two is gone; the other side's loop ends with it.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "fake-front");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
