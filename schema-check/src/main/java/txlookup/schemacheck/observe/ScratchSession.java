package txlookup.schemacheck.observe;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import txlookup.schemacheck.revision.ScriptStatement;

/**
 * The session in which revisions run, as the owner of their schema. Where that is refused, because of a name or a right, the
 * statement runs as PostgreSQL lets it, so that its effect is seen too; a remark says what was refused.
 */
final class ScratchSession {
    static final String OWNER = "scratch_owner";

    private static final Set<String> NOTHING_OF_THAT_NAME = Set.of("3F000", "42P01", "42704", "42883");
    private static final String NOTHING = "''";
    private static final String NOT_PERMITTED = "42501";
    private static final String NOT_IN_A_TRANSACTION = "25001";
    private static final Pattern MISSING_ROLE = Pattern.compile("role \"(.+)\" does not exist");
    private static final Set<String> ENDS_A_TRANSACTION =
            Set.of("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE");

    private final Connection connection;
    private final String schema;

    /** @param path the search path of the schema's revisions */
    ScratchSession(Connection connection, String schema, String path) throws SQLException {
        this.connection = connection;
        this.schema = schema;
        run("SET session_replication_role = replica"); // Neither foreign keys nor triggers look at rows.
        run("SET track_functions = 'all'");
        run("SET enable_bitmapscan = off; SET enable_indexonlyscan = off; SET enable_mergejoin = off");
        run("SET search_path = " + path);
        run("SET ROLE " + OWNER);
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** Runs a statement of a revision, if it can be run in some way. */
    Map<Remark, String> execute(ScriptStatement statement) throws SQLException {
        Map<Remark, String> remarks = new EnumMap<>(Remark.class);
        if (ENDS_A_TRANSACTION.contains(statement.word())) {
            remarks.put(Remark.FAILS, statement.word() + " is Flyway's to say");
            return remarks;
        }
        String path = value("SHOW search_path").replace("\"\"", NOTHING);
        for (String role = OWNER, usedPath = path; ; ) {
            Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
            try {
                use(role, usedPath, path);
                attempt(statement.sql(), remarks);
                use(OWNER, path, usedPath);
                return remarks;
            } catch (SQLException e) {
                rollback(before);
                String message = firstLine(e);
                Matcher missing = MISSING_ROLE.matcher(message);
                if (missing.find()) {
                    run("RESET ROLE; CREATE ROLE \"%s\"; SET ROLE %s".formatted(missing.group(1), OWNER));
                } else if (NOTHING_OF_THAT_NAME.contains(e.getSQLState())
                        && path.equals(NOTHING)
                        && usedPath.equals(path)) {
                    usedPath = schema;
                    remarks.put(Remark.NAME_NEEDS_THE_PATH, message);
                } else if (NOT_PERMITTED.equals(e.getSQLState()) && role.equals(OWNER)) {
                    role = "NONE";
                    if (message.contains("for schema")) {
                        remarks.put(Remark.NAME_OF_ANOTHER_SCHEMA, message);
                    }
                } else {
                    remarks.remove(Remark.NAME_NEEDS_THE_PATH);
                    boolean refused = NOT_IN_A_TRANSACTION.equals(e.getSQLState());
                    remarks.put(refused ? Remark.REFUSED_IN_A_TRANSACTION : Remark.FAILS, message);
                    return remarks;
                }
            }
        }
    }

    private void use(String role, String path, String pathNow) throws SQLException {
        run("SET ROLE " + role);
        if (!path.equals(pathNow)) {
            run("SET search_path = " + path);
        }
    }

    private void attempt(String sql, Map<Remark, String> remarks) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
            for (SQLWarning notice = statement.getWarnings(); notice != null; notice = notice.getNextWarning()) {
                if (notice.getMessage().startsWith("drop cascades to")) {
                    remarks.put(Remark.CASCADES, notice.getMessage());
                }
            }
        }
    }

    private void rollback(@Nullable Savepoint before) throws SQLException {
        if (before != null) {
            connection.rollback(before);
        } else {
            run("SET ROLE " + OWNER);
        }
    }

    private String value(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            found.next();
            return found.getString(1);
        }
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst("^ERROR: ", "");
    }
}
