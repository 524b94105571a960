package txlookup.cli.service;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;

/** A generation that serves, without a rebuild and without the acts that switch. */
public final class Served {
    private Served() {}

    /** Makes one with empty tables. */
    public static void make(TestDatabase database, long number) throws SQLException {
        try (HikariDataSource store = open(database, number)) {
            Migrations.toHead(store, number);
            new GenerationRegistry(store)
                    .plan(new Generation(
                            number,
                            "test",
                            "kim",
                            "group-" + number,
                            "canonical-v1",
                            Instant.parse("2026-02-05T01:00:00Z"),
                            State.PLANNED,
                            null));
            serve(store, number);
        }
    }

    /** Lets one that is in the registry serve. */
    public static void serve(DataSource store, long number) throws SQLException {
        new GenerationRegistry(store).moveTo(number, State.READY, null);
        try (Connection connection = store.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("UPDATE bo.serving SET generation = ?, epoch = epoch + 1")) {
            statement.setLong(1, number);
            statement.executeUpdate();
            connection.commit();
        }
    }

    public static HikariDataSource open(TestDatabase database, long number) {
        return StoreConnections.generation(
                number,
                database.jdbcUrl(),
                database.user(),
                database.password(),
                4,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
    }
}
