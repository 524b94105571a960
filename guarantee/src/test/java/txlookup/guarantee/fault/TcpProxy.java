package txlookup.guarantee.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a server on this machine that can stall, be slow, and break in the middle of a message. */
public final class TcpProxy implements AutoCloseable {
    enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** Decides how many bytes of a chunk go on; after fewer than all, the connection is reset at both ends. */
    interface Rule {
        int forwarded(Direction direction, byte[] chunk, int length);
    }

    public static final Rule PASS = (direction, chunk, length) -> length;

    private final ServerSocket listener;
    private final int target;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile Rule rule = PASS;
    private boolean stalled;

    /** @param target port on the loopback address; nobody has to listen there yet */
    public TcpProxy(int target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** What happens to each chunk from now on. */
    public void rule(Rule newRule) {
        rule = newRule;
    }

    /** Lets nothing through, in either direction, until {@link #flow}; connections stay and new ones are taken. */
    public synchronized void stall() {
        stalled = true;
    }

    public synchronized void flow() {
        stalled = false;
        notifyAll();
    }

    private synchronized void awaitFlow() throws InterruptedException {
        while (stalled) {
            wait();
        }
    }

    /** Breaks every connection at once, as a router that lost its state would: RST, whatever was on the way is gone. */
    void reset() {
        links.forEach(Link::reset);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Link link = new Link(listener.accept());
                links.add(link);
                daemon(link::open);
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new IllegalStateException("the proxy of port " + target + " cannot accept", e);
                }
            }
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        reset();
    }

    private final class Link {
        private final Socket client;
        private volatile Socket server;

        Link(Socket client) {
            this.client = client;
        }

        void open() {
            try {
                server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                daemon(() -> pump(server, client, Direction.TO_CLIENT));
                pump(client, server, Direction.TO_SERVER);
            } catch (IOException e) {
                reset(); // nobody listens: the client learns it the way it would without the proxy
            }
        }

        private void pump(Socket from, Socket to, Direction direction) {
            byte[] chunk = new byte[16 * 1024];
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                    awaitFlow();
                    int forwarded = rule.forwarded(direction, chunk, length);
                    out.write(chunk, 0, forwarded);
                    if (forwarded < length) {
                        reset();
                    }
                }
            } catch (IOException e) {
                reset(); // one end broke, so the other is broken too
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                links.remove(this);
            }
        }

        void reset() {
            abort(client);
            if (server != null) {
                abort(server);
            }
        }

        private void abort(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                links.remove(this); // closed already, which is all that is wanted
            }
        }
    }
}
