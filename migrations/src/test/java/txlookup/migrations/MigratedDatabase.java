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

/** An empty database, and questions to it. */
record MigratedDatabase(TestDatabase database) {
    static MigratedDatabase empty() {
        return new MigratedDatabase(SharedPostgres.newDatabase());
    }

    static MigratedDatabase atHead() {
        MigratedDatabase made = empty();
        new Migrations(made.connections()).toHead();
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
            statement.execute(sql);
        }
    }

    /** The first column of all rows. */
    List<String> ask(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> answers = new ArrayList<>();
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
            return answers;
        }
    }
}
