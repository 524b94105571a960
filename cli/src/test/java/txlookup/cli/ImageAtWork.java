package txlookup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import txlookup.apply.store.position.StoreStats;
import txlookup.local.testing.TestDatabase;
import txlookup.traffic.Event;

/**
 * Containers of an image, with what they work on.
 *
 * @param topics the events' topics
 * @param brokers the port of the broker
 * @param port where a consumer answers
 * @param extract a folder, which a backfill reads
 */
record ImageAtWork(
        UnpackedImage image,
        TestDatabase database,
        Map<Event.Kind, String> topics,
        int brokers,
        int port,
        Path extract) {
    String toItsEnd(String... command) throws IOException, InterruptedException {
        int code = start(command).waitFor();
        return "exit %d%n%s".formatted(code, said());
    }

    Process start(String... command) throws IOException {
        URI server = URI.create(database.jdbcUrl().substring("jdbc:".length()));
        List<String> whole = new ArrayList<>();
        Map.of(
                        "database.host", server.getHost(),
                        "database.port", Integer.toString(server.getPort()),
                        "database.name", database.name(),
                        "database.user", database.user(),
                        "messaging.bootstrapServers", "127.0.0.1:" + brokers,
                        "events.ledgerTopic", topics.get(Event.Kind.LEDGER_ENTRY),
                        "events.paymentOrderTopic", topics.get(Event.Kind.PAYMENT_ORDER),
                        "backfill.ndjson.ledgerEntries", "/data/volume/ledger-entries.ndjson.gz",
                        "backfill.ndjson.paymentOrders", "/data/volume/payment-orders.ndjson.gz",
                        "consumer.port", Integer.toString(port))
                .forEach((path, value) -> whole.addAll(List.of("--set", path + "=" + value)));
        whole.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(image.command(extract, whole));
        builder.environment().put("TXLOOKUP_DATABASE_PASSWORD", database.password());
        return builder.redirectErrorStream(true).redirectOutput(log().toFile()).start();
    }

    /** Waits until a consumer has applied as many records. */
    void await(Process consumer, long records, StoreStats stored) throws Exception {
        long consumed = -1;
        while (consumed < records) {
            assertThat(consumer.isAlive()).as(said()).isTrue();
            Thread.sleep(50);
            consumed = stored.stream().stream()
                    .mapToLong(partition -> partition.counts().consumed())
                    .sum();
        }
        assertThat(consumed).isEqualTo(records);
    }

    /** How many processes of a container there are; each is the image's user, on a root that nobody can write to. */
    long confined(Process container) throws IOException {
        List<ProcessHandle> all = new ArrayList<>(container.descendants().toList());
        all.add(container.toHandle());
        for (ProcessHandle one : all) {
            Path kernel = Path.of("/proc", Long.toString(one.pid()));
            assertThat(Files.readAllLines(kernel.resolve("status"))).contains("Uid:\t10001\t10001\t10001\t10001");
            assertThat(Files.readAllLines(kernel.resolve("mountinfo")))
                    .anyMatch(mount -> mount.split(" ", -1)[4].equals("/") && mount.split(" ", -1)[5].startsWith("ro"));
        }
        return all.size();
    }

    String said() throws IOException {
        return Files.readString(log());
    }

    private Path log() {
        return image.folder().resolve("at-work.log");
    }
}
