package txlookup.backfill;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.position.BatchResult;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.backfill.pipeline.LoadSettings;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.NdjsonInput;
import txlookup.profiles.events.EventProfiles;

/** A backfill in a process of its own, which says a word for every chunk, so that it can be killed at any of them. */
final class LoadingProcess {
    private LoadingProcess() {}

    public static void main(String[] arguments) throws Exception {
        BackfillProgress words = new BackfillProgress() {
            @Override
            public void begins(Input input, long rowsBefore) {}

            @Override
            public void applied(Input input, Chunk chunk, BatchResult applied) {
                System.out.println("chunk");
            }
        };
        try (HikariDataSource store = StoreConnections.generation(
                BackfillFixture.GENERATION,
                arguments[0],
                arguments[1],
                arguments[2],
                6,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30))) {
            new Backfill(
                            new LoadSettings(
                                    BackfillFixture.GENERATION,
                                    BackfillFixture.CUTOVER,
                                    BackfillFixture.CUTOVER,
                                    "test",
                                    Integer.parseInt(arguments[5]),
                                    2,
                                    Duration.ofHours(1)),
                            EventProfiles.load("canonical-v1"),
                            store,
                            words,
                            Clock.systemUTC())
                    .load(inputs(Path.of(arguments[3]), Path.of(arguments[4])));
        }
        System.out.println("done");
    }

    static List<Input> inputs(Path entries, Path orders) {
        return List.of(new NdjsonInput(entries, Entity.LEDGER_ENTRY), new NdjsonInput(orders, Entity.PAYMENT_ORDER));
    }
}
