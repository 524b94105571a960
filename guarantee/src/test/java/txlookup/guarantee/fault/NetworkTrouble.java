package txlookup.guarantee.fault;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import txlookup.guarantee.fault.TcpProxy.Direction;

/** What happens on the way to a server. */
final class NetworkTrouble {
    private NetworkTrouble() {}

    /** The server's answer to COMMIT: when it is on its way, the transaction is there. */
    static boolean saysCommitted(Direction direction, byte[] chunk, int length) {
        return direction == Direction.TO_CLIENT
                && new String(chunk, 0, length, StandardCharsets.ISO_8859_1).contains("COMMIT\0");
    }

    static TcpProxy.Rule delay(int millis) {
        return (direction, chunk, length) -> {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return length;
        };
    }

    /** At once, or in the middle of the messages that come next. */
    static void cut(TcpProxy proxy, Random random) throws InterruptedException {
        if (random.nextBoolean()) {
            proxy.reset();
            return;
        }
        AtomicInteger left = new AtomicInteger(2 + random.nextInt(6));
        proxy.rule((direction, chunk, length) -> left.getAndDecrement() > 0 ? length / 2 : length);
        Thread.sleep(200);
        proxy.rule(TcpProxy.PASS);
    }

    static void stall(TcpProxy proxy, Random random) throws InterruptedException {
        proxy.stall();
        Thread.sleep(300 + random.nextInt(1500));
        if (random.nextBoolean()) {
            proxy.reset();
        }
        proxy.flow();
    }
}
