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
 * The released migrations of one schema and the only code that runs them (rebuild-policy.md, principle 2: a released
 * migration is never edited, a change is a new one). There are two sets: one makes the control schema {@value #CONTROL},
 * which lives as long as the environment, the other makes the schema of one generation.
 */
public final class Migrations {
    /** The schema that holds what is common to generations and outlives them. */
    public static final String CONTROL = "bo";

    /** How long a statement outside a transaction, such as an index made concurrently, may take. */
    public static final Duration LONGEST_STATEMENT = Duration.ofHours(4);

    private static final String SETS = "classpath:txlookup/migrations/";

    private final DataSource database;
    private final String schema;
    private final Flyway flyway;

    private Migrations(DataSource database, String schema, String set) {
        this(database, schema, SETS + set, SETS + "callbacks");
    }

    /** The control schema's; {@code database} gives connections as its owner, and the caller closes it. */
    public static Migrations ofControl(DataSource database) {
        return new Migrations(database, CONTROL, "control");
    }

    /** One generation's, in the schema of that generation. */
    public static Migrations ofGeneration(DataSource database, long generation) {
        return new Migrations(database, schema(generation), "generation");
    }

    /** Brings the control schema and one generation's to head, which makes the latter where it is not there. */
    public static void toHead(DataSource database, long generation) {
        ofControl(database).toHead();
        ofGeneration(database, generation).toHead();
    }

    /** The schema of a generation's rows: {@code g20261128010824}. */
    public static String schema(long generation) {
        return "g" + generation;
    }

    Migrations(DataSource database, String schema, String... locations) {
        this.database = database;
        this.schema = schema;
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(database)
                .schemas(schema)
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
     * Brings the schema to head, and makes it where it is not there. Running it again changes nothing; what a killed run left half done is gone on with.
     *
     * @return the versions that this call applied, in order; empty when it was at head
     * @throws MigrationException when a released file was edited, the database is ahead of the code or a statement failed
     */
    public List<String> toHead() {
        try {
            new InterruptedMigration(database, schema).clear();
            return flyway.migrate().migrations.stream()
                    .map(migration -> migration.version)
                    .toList();
        } catch (FlywayValidateException e) {
            throw new MigrationException(
                    "The migrations of schema %s differ from this build's: ".formatted(schema) + firstLines(e)
                            + " Use the build that migrated it, or make the database again (txlookup down --destroy).",
                    e);
        } catch (FlywayException e) {
            throw new MigrationException("Migration of schema %s failed: ".formatted(schema) + firstLines(e), e);
        } catch (SQLException e) {
            throw new MigrationException(
                    "What an interrupted migration left could not be cleared: %s. Run it again; it goes on."
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /** Where the schema stands; the first gate of a rebuild asks it (rebuild-policy.md, Gates 1). */
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
     * Where a schema stands against this build.
     *
     * @param current the newest version applied; null where there is none
     * @param head the newest version that this build holds
     * @param valid whether what was applied is exactly what this build holds
     */
    public record Revision(String current, String head, boolean valid) {
        /** Whether it is what this build expects. */
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
