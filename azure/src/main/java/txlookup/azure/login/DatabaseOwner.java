package txlookup.azure.login;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import txlookup.migrations.Roles;
import txlookup.profiles.settings.DatabaseSettings;

/**
 * Makes the roles of a database, and lets its administrator and its containers act in each of them. What one of them
 * migrated belongs to the owner's role, so to both.
 */
public final class DatabaseOwner {
    private static final String IS_THERE = "SELECT 1 FROM pg_roles WHERE rolname = ?";
    private static final String MAY_MAKE_SCHEMAS = "GRANT CREATE ON DATABASE %s TO %s";
    private static final String WHO = "SELECT session_user";
    private static final String MAY_IT = "SELECT has_database_privilege(?, current_database(), 'CREATE')";

    private final DataSource administrator;
    private final String database;
    private final String owner;

    /** @param administrator connections with the administrator's own login */
    public DatabaseOwner(DataSource administrator, DatabaseSettings database) {
        this.administrator = administrator;
        this.database = database.name();
        this.owner = DatabaseAccess.owner(database);
    }

    /**
     * Makes what is not there yet.
     *
     * @param identity the role of the containers' identity
     * @throws SQLException when that role is missing, or the administrator may make none, or may not hand out CREATE
     */
    public void share(String identity) throws SQLException {
        Roles.make(administrator, administratorBeside(identity));
        Roles.make(administrator, identity);
        try (Connection connection = administrator.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute("RESET ROLE"); // what follows is the administrator's to do, not the owner's
            requireThatItMakesSchemas(connection);
        }
    }

    private String administratorBeside(String identity) throws SQLException {
        try (Connection connection = administrator.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            if (!isThere(connection, identity)) {
                throw new SQLException(
                        "the server has no role %s; the template access.json makes that of the jobs, and the migrate job makes the others"
                                .formatted(identity));
            }
            return login(statement);
        }
    }

    private static String login(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(WHO)) {
            row.next();
            return row.getString(1);
        }
    }

    /** PostgreSQL only warns when the administrator may not hand the right out. */
    private void requireThatItMakesSchemas(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(MAY_IT)) {
            query.setString(1, owner);
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                if (!rows.getBoolean(1)) {
                    throw new SQLException(
                            "the role %s may not make schemas in database %s; as the database's owner: %s"
                                    .formatted(
                                            owner,
                                            database,
                                            MAY_MAKE_SCHEMAS.formatted(quoted(database), quoted(owner))));
                }
            }
        }
    }

    private static boolean isThere(Connection connection, String role) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(IS_THERE)) {
            query.setString(1, role);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static String quoted(String role) {
        return '"' + role.replace("\"", "\"\"") + '"';
    }
}
