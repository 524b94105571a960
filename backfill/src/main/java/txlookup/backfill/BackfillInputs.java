package txlookup.backfill;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.backfill.source.ExtractFiles;
import txlookup.backfill.source.Input;
import txlookup.backfill.source.JdbcDrivers;
import txlookup.backfill.source.QueryInput;
import txlookup.backfill.source.TableInput;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.BackfillSource;

/**
 * The inputs that a profile's backfill source names.
 *
 * @param source the pool of a source database; null for files
 */
public record BackfillInputs(List<Input> inputs, @Nullable HikariDataSource source) implements AutoCloseable {
    private static final int ONE_FOR_EACH_TABLE_AND_ONE_FOR_SIZES = 3;

    public static BackfillInputs of(Profile profile, SecretSource secrets) {
        return of(profile.backfill().source(), secrets);
    }

    public static BackfillInputs of(BackfillSource source, SecretSource secrets) {
        if (source instanceof BackfillSource.Jdbc jdbc) {
            return tables(jdbc, secrets);
        }
        return files((BackfillSource.Ndjson) source);
    }

    private static BackfillInputs files(BackfillSource.Ndjson files) {
        List<Input> inputs = new ArrayList<>();
        files.ledgerEntries().ifPresent(path -> inputs.addAll(at(path, Entity.LEDGER_ENTRY)));
        files.paymentOrders().ifPresent(path -> inputs.addAll(at(path, Entity.PAYMENT_ORDER)));
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException(
                    "no backfill source: name files with --set backfill.ndjson.ledgerEntries=... and backfill.ndjson.paymentOrders=..., or a database with backfill.source=jdbc");
        }
        return new BackfillInputs(inputs, null);
    }

    private static List<Input> at(String path, Entity entity) {
        try {
            return ExtractFiles.at(path, entity, System.in);
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be listed: %s".formatted(path, e.getMessage()), e);
        }
    }

    private static BackfillInputs tables(BackfillSource.Jdbc jdbc, SecretSource secrets) {
        JdbcDrivers.require(jdbc.url());
        HikariConfig config = new HikariConfig();
        config.setPoolName("source");
        config.setJdbcUrl(jdbc.url());
        config.setUsername(jdbc.user());
        jdbc.passwordVariable()
                .ifPresent(name -> config.setPassword(
                        secrets.require(List.of(name)).get(name).reveal()));
        config.setMaximumPoolSize(ONE_FOR_EACH_TABLE_AND_ONE_FOR_SIZES);
        config.setMinimumIdle(0);
        if (jdbc.url().startsWith("jdbc:postgresql:")) {
            config.addDataSourceProperty("defaultRowFetchSize", jdbc.fetchSize());
        }
        HikariDataSource source = new HikariDataSource(config);
        return new BackfillInputs(
                List.of(
                        jdbc.ledgerQuery()
                                .<Input>map(query -> new QueryInput(
                                        source,
                                        "backfill.jdbc.ledgerQuery",
                                        query,
                                        Entity.LEDGER_ENTRY,
                                        jdbc.fetchSize()))
                                .orElseGet(() -> new TableInput(
                                        source,
                                        jdbc.schema() + "." + jdbc.ledgerTable(),
                                        "tx_id",
                                        Entity.LEDGER_ENTRY)),
                        jdbc.paymentOrderQuery()
                                .<Input>map(query -> new QueryInput(
                                        source,
                                        "backfill.jdbc.paymentOrderQuery",
                                        query,
                                        Entity.PAYMENT_ORDER,
                                        jdbc.fetchSize()))
                                .orElseGet(() -> new TableInput(
                                        source,
                                        jdbc.schema() + "." + jdbc.paymentOrderTable(),
                                        "order_id",
                                        Entity.PAYMENT_ORDER))),
                source);
    }

    /**
     * When the files were read; empty for a source database, which is read by the run itself.
     *
     * @param pinned what an earlier run of the generation knew of it
     * @throws IllegalArgumentException when nothing says when a file was read
     */
    public Optional<Instant> asOf(Profile profile, Optional<Instant> pinned) {
        return ExtractFiles.asOf(inputs, profile.backfill().asOf(), pinned);
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
    }
}
