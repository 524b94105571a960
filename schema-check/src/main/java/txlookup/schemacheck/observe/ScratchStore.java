package txlookup.schemacheck.observe;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.schemacheck.revision.MigrationFile;
import txlookup.schemacheck.revision.MigrationFolder;
import txlookup.schemacheck.revision.RevisionSet;
import txlookup.schemacheck.revision.ScriptStatement;

/** A database of its own on a server of this machine, in which the revisions of one set run. */
public final class ScratchStore implements AutoCloseable {
    private static final String SOME_GENERATION = "g0";
    private static final String MAKE = """
            DO $$ BEGIN
                IF to_regrole('%1$s') IS NULL THEN CREATE ROLE %1$s; END IF;
                EXECUTE format('GRANT CREATE ON DATABASE %%I TO %1$s', current_database());
            END $$;
            REVOKE ALL ON SCHEMA public, information_schema FROM PUBLIC;
            CREATE SCHEMA %2$s AUTHORIZATION %1$s
            """.formatted(ScratchSession.OWNER, Migrations.CONTROL);
    /** Its owner may use no other schema, so that each name of one is refused. */
    private static final String MAKE_GENERATION =
            "RESET ROLE; ALTER SCHEMA bo OWNER TO CURRENT_USER; CREATE SCHEMA %s AUTHORIZATION %s";

    private static final String NO_PATH = "''";

    private final TestDatabase database = SharedPostgres.newDatabase();
    private final Connection connection;
    private final String ownSchema;
    private final List<MigrationFile> callbacks;
    private ScratchSession session;

    /** For a folder's revisions; names in a generation's schema are shown as they are written. */
    public ScratchStore(MigrationFolder folder) throws SQLException {
        this(folder, folder.set() == RevisionSet.CONTROL ? Migrations.CONTROL : SOME_GENERATION, SOME_GENERATION);
    }

    /** For a folder's revisions in that schema; names are shown with it. */
    public ScratchStore(MigrationFolder folder, String schema) throws SQLException {
        this(folder, schema, "");
    }

    private ScratchStore(MigrationFolder folder, String schema, String ownSchema) throws SQLException {
        this.ownSchema = ownSchema;
        this.callbacks = folder.callbacks();
        connection = database.connect();
        make(MAKE);
        if (folder.set() == RevisionSet.GENERATION) {
            session = new ScratchSession(connection, Migrations.CONTROL, NO_PATH);
            for (MigrationFile file : folder.control()) {
                run(file.statements());
            }
            make(MAKE_GENERATION.formatted(schema, ScratchSession.OWNER));
        }
        session = new ScratchSession(connection, schema, folder.set() == RevisionSet.CONTROL ? NO_PATH : schema);
    }

    private void make(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a revision, and does not look. */
    public void run(List<ScriptStatement> revision) throws SQLException {
        for (ScriptStatement statement : revision) {
            session.execute(statement);
        }
    }

    /** Runs a revision, and says what each of its statements did. */
    public List<ObservedStatement> observe(List<ScriptStatement> revision) throws SQLException {
        return observe(revision, true);
    }

    /** The same, and takes it back when it ran in one transaction. */
    public List<ObservedStatement> tryOut(List<ScriptStatement> revision) throws SQLException {
        return observe(revision, false);
    }

    private List<ObservedStatement> observe(List<ScriptStatement> revision, boolean keep) throws SQLException {
        boolean oneTransaction = revision.stream().allMatch(ScriptStatement::inTransaction);
        int pid = connection.unwrap(PGConnection.class).getBackendPID();
        try (RevisionObserver observer = new RevisionObserver(connection, session, ownSchema, pid)) {
            return oneTransaction ? inOneTransaction(revision, observer, keep) : outside(revision, observer);
        }
    }

    private List<ObservedStatement> inOneTransaction(
            List<ScriptStatement> revision, RevisionObserver observer, boolean keep) throws SQLException {
        connection.setAutoCommit(false);
        for (MigrationFile callback : callbacks) {
            session.run(callback.sql());
        }
        List<ObservedStatement> observed = new ArrayList<>();
        for (ScriptStatement statement : revision) {
            observed.add(observer.inTransaction(statement));
        }
        if (!keep) {
            connection.rollback();
        }
        connection.setAutoCommit(true);
        return observed;
    }

    private List<ObservedStatement> outside(List<ScriptStatement> revision, RevisionObserver observer)
            throws SQLException {
        List<ObservedStatement> observed = new ArrayList<>();
        try (Connection holder = database.connect()) {
            for (ScriptStatement statement : revision) {
                observed.add(observer.outside(statement, holder));
            }
        }
        return observed;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        SharedPostgres.server().dropDatabase(database.name());
    }
}
