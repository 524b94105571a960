package txlookup.migrations;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/**
 * The released migrations of schema {@value #SCHEMA} and the only code that runs them (rebuild-policy.md, principle 2:
 * a released migration is never edited, a change is a new one).
 */
public final class Migrations {
    /** The schema that holds everything this product stores. */
    public static final String SCHEMA = "bo";

    /** How long a statement outside a transaction, such as an index made concurrently, may take. */
    public static final Duration LONGEST_STATEMENT = Duration.ofHours(4);

    private static final String LOCATION = "classpath:txlookup/migrations";

    private final DataSource database;
    private final Flyway flyway;

    /** @param database connections as the schema's owner; the caller closes it */
    public Migrations(DataSource database) {
        this(database, LOCATION);
    }

    Migrations(DataSource database, String... locations) {
        this.database = database;
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(database)
                .schemas(SCHEMA)
                .locations(locations)
                .callbacks(new BoundsOutsideTransactions())
                // By default Flyway lets a database be ahead of the code; a consumer of a newer shape must not start on
                // it.
                .ignoreMigrationPatterns(new String[0])
                .validateMigrationNaming(true)
                .cleanDisabled(true);
        // The default lock is a transaction, and CREATE INDEX CONCURRENTLY waits for every transaction to end.
        configuration
                .getPluginRegister()
                .getExact(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        flyway = configuration.load();
    }

    /**
     * Brings the database to head. Running it again changes nothing; what a killed run left half done is gone on with.
     *
     * @return the versions that this call applied, in order; empty when the database was at head
     * @throws MigrationException when a released file was edited, the database is ahead of the code or a statement failed
     */
    public List<String> toHead() {
        try {
            new InterruptedMigration(database).clear();
            return flyway.migrate().migrations.stream()
                    .map(migration -> migration.version)
                    .toList();
        } catch (FlywayValidateException e) {
            throw new MigrationException(
                    "The database's migrations differ from this build's: " + firstLines(e)
                            + " Use the build that migrated it, or make the database again (txlookup down --destroy).",
                    e);
        } catch (FlywayException e) {
            throw new MigrationException("Migration failed: " + firstLines(e), e);
        } catch (SQLException e) {
            throw new MigrationException(
                    "What an interrupted migration left could not be cleared: %s. Run it again; it goes on."
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /** Where the database stands; the first gate of a rebuild asks it (rebuild-policy.md, Gates 1). */
    public Revision revision() {
        MigrationInfo current = flyway.info().current();
        MigrationVersion applied = current == null ? null : current.getVersion();
        String head = Stream.of(flyway.info().all())
                .filter(migration -> migration.getScript() != null && migration.getVersion() != null)
                .filter(migration -> migration.getState().isResolved())
                .map(MigrationInfo::getVersion)
                .max(MigrationVersion::compareTo)
                .orElseThrow()
                .getVersion();
        return new Revision(
                applied == null ? null : applied.getVersion(), head, flyway.validateWithResult().validationSuccessful);
    }

    /**
     * Where a database stands against this build.
     *
     * @param current the newest version applied to the database; null for an empty one
     * @param head the newest version that this build holds
     * @param valid whether what was applied is exactly what this build holds
     */
    public record Revision(String current, String head, boolean valid) {
        /** Whether the database is what this build expects. */
        public boolean isHead() {
            return valid && head.equals(current);
        }
    }

    private static String firstLines(FlywayException e) {
        return e.getMessage()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(7)
                .reduce((left, right) -> left + " " + right)
                .orElse("");
    }
}
