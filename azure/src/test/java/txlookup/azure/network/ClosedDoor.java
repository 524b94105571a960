package txlookup.azure.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** An address that nothing is behind: every connection is closed at once, and counted. */
public final class ClosedDoor implements AutoCloseable {
    private final ServerSocket listening;
    private final AtomicInteger knocks = new AtomicInteger();

    public ClosedDoor() throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::refuse, "closed-door");
        thread.setDaemon(true);
        thread.start();
    }

    public String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** How often somebody tried. */
    public int knocks() {
        return knocks.get();
    }

    private void refuse() {
        while (!listening.isClosed()) {
            try {
                Socket knocking = listening.accept();
                knocks.incrementAndGet();
                knocking.close();
            } catch (IOException closed) {
                // Who knocked is gone already, or nobody knocks any more.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
