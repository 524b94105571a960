package txlookup.migrations;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.profiles.settings.DatabaseRole;

/**
 * The five roles of a database, in one of which each connection acts, and what each may do. They are made once, by a login
 * that may make roles; each migration grants what its schema needs. A database without them works as its login may.
 */
public final class Roles {
    // On Citus the coordinator logs in to its workers in the role of the session. Without a password nobody else can.
    private static final String CREATE = """
            DO $$ DECLARE role text; BEGIN
                FOREACH role IN ARRAY ARRAY['owner', 'writer', 'reader', 'operator', 'auditor'] LOOP
                    role := current_database() || '_' || role;
                    IF to_regrole(quote_ident(role)) IS NULL THEN
                        EXECUTE format('CREATE ROLE %I %s', role, CASE WHEN EXISTS (
                            SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN 'LOGIN' ELSE 'NOLOGIN' END);
                    END IF;
                    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), role);
                END LOOP;
                EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), current_database() || '_owner');
            END $$""";

    // Who owns a schema may drop what others own in it, so the audit's is the auditor's. Others make their tables
    // there.
    private static final String CONTROL_SCHEMA = """
            DO $$ DECLARE owner text := current_database() || '_owner'; auditor text := current_database() || '_auditor'; BEGIN
                IF to_regnamespace('bo') IS NULL THEN
                    EXECUTE format('CREATE SCHEMA bo AUTHORIZATION %I', auditor);
                    EXECUTE format('GRANT ALL ON SCHEMA bo TO %I WITH GRANT OPTION', owner);
                END IF;
            END $$""";

    private static final String ADMIT = "GRANT %s TO %s";
    private static final String QUOTED = "SELECT quote_ident(current_database() || ?), quote_ident(?)";
    // The last that is made; the owner alone is there where the administrator made nothing else.
    private static final String ARE_MADE =
            "SELECT to_regrole(quote_ident(current_database() || '_auditor')) IS NOT NULL";

    private Roles() {}

    /**
     * Makes the roles that are missing, and lets a login act in each of them. It may be called again.
     *
     * @param administrator connections of a login that may make roles
     * @param login who connects from now on
     */
    public static void make(DataSource administrator, String login) throws SQLException {
        try (Connection connection = administrator.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("RESET ROLE");
            statement.execute(CREATE);
            for (DatabaseRole role : DatabaseRole.values()) {
                statement.execute(admit(connection, role, login));
            }
            statement.execute(CONTROL_SCHEMA);
            connection.commit();
        }
    }

    private static String admit(Connection connection, DatabaseRole role, String login) throws SQLException {
        try (PreparedStatement names = connection.prepareStatement(QUOTED)) {
            names.setString(1, role.in(""));
            names.setString(2, login);
            try (ResultSet row = names.executeQuery()) {
                row.next();
                return ADMIT.formatted(row.getString(1), row.getString(2));
            }
        }
    }

    /** Grants what the schema's roles need in it; nothing where there are no roles. It may be called again. */
    static void grant(Connection connection, String schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet made = statement.executeQuery(ARE_MADE)) {
                made.next();
                if (!made.getBoolean(1)) {
                    return;
                }
            }
            String set = schema.equals(Migrations.CONTROL) ? "control" : "generation";
            statement.execute(sql("grants/%s.sql".formatted(set)).replace("${schema}", schema));
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    private static String sql(String name) {
        try (@Nullable InputStream file = Roles.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("%s is not on the class path".formatted(name));
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
