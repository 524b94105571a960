package txlookup.migrations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** A database, and questions to it on the search path of a generation. */
record MigratedDatabase(TestDatabase database) {
    static final long GENERATION = 20260101000000L;
    static final String SCHEMA = Migrations.schema(GENERATION);

    private static final String SEARCH_PATH = "SET search_path = %s, pg_temp".formatted(SCHEMA);

    static MigratedDatabase empty() {
        return new MigratedDatabase(SharedPostgres.newDatabase());
    }

    static MigratedDatabase withControl() {
        MigratedDatabase made = empty();
        Migrations.ofControl(made.connections()).toHead();
        return made;
    }

    static MigratedDatabase atHead() {
        MigratedDatabase made = empty();
        Migrations.toHead(made.connections(), GENERATION);
        return made;
    }

    DataSource connections() {
        PGSimpleDataSource connections = new PGSimpleDataSource();
        connections.setUrl(database.jdbcUrl());
        connections.setUser(database.user());
        connections.setPassword(database.password());
        return connections;
    }

    void run(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(SEARCH_PATH);
            statement.execute(sql);
        }
    }

    /** The first column of all rows. */
    List<String> ask(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(SEARCH_PATH);
            try (ResultSet rows = statement.executeQuery(sql)) {
                List<String> answers = new ArrayList<>();
                while (rows.next()) {
                    answers.add(rows.getString(1));
                }
                return answers;
            }
        }
    }
}
