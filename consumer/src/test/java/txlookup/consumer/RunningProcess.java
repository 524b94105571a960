package txlookup.consumer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import txlookup.profiles.events.EventProfiles;

/** The consumer as {@code txlookup consume} runs it, in a thread of the test. */
public final class RunningProcess implements AutoCloseable {
    private final ConsumerProcess process;
    private final CompletableFuture<Void> running;

    public RunningProcess(ConsumerFixture fixture, long generation) throws Exception {
        process = new ConsumerProcess(
                fixture.settings(generation),
                EventProfiles.load("canonical-v1"),
                fixture.pool(2),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        running = CompletableFuture.runAsync(process::run, task -> new Thread(task, "consumer").start());
    }

    public boolean hasEnded() {
        return running.isDone();
    }

    /** Waits until it ended by itself; throws what it threw. */
    public void awaitEnd() throws Exception {
        running.get(ConsumerFixture.SLOW.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.close();
    }
}
