package txlookup.local.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.local.process.Ports;

/** Makes and drops databases of a local server; the archive that it comes from brings no program for it. */
public final class PostgresDatabases {
    private static final String MAINTENANCE_DATABASE = "postgres";
    private static final String EXISTS = "SELECT 1 FROM pg_database WHERE datname = ?";
    private static final String CREATE = "CREATE DATABASE %s";
    private static final String DROP = "DROP DATABASE IF EXISTS %s WITH (FORCE)";

    private final int port;
    private final String superuser;
    private final String password;

    public PostgresDatabases(int port, String superuser, String password) {
        this.port = port;
        this.superuser = superuser;
        this.password = password;
    }

    /** Makes an empty database unless it is there. Returns whether it was made. */
    public boolean create(String name) {
        return run("create", name, connection -> {
            if (exists(connection, name)) {
                return false;
            }
            execute(connection, CREATE, name);
            return true;
        });
    }

    /** Drops a database with everything in it, ending the sessions that use it. Returns whether it was there. */
    public boolean drop(String name) {
        return run("drop", name, connection -> {
            boolean there = exists(connection, name);
            execute(connection, DROP, name);
            return there;
        });
    }

    private boolean run(String verb, String name, DatabaseWork work) {
        try (Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s".formatted(Ports.LOOPBACK, port, MAINTENANCE_DATABASE),
                superuser,
                password)) {
            return work.with(connection);
        } catch (SQLException e) {
            throw new LocalEnvironmentException(
                    "cannot " + verb + " the database " + name + " on port " + port + ": " + e.getMessage(), e);
        }
    }

    private static boolean exists(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EXISTS)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Connection connection, String sql, String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql.formatted(statement.enquoteIdentifier(name, true)));
        }
    }

    @FunctionalInterface
    private interface DatabaseWork {
        boolean with(Connection connection) throws SQLException;
    }
}
