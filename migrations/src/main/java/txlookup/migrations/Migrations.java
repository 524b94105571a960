package txlookup.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.profiles.settings.DatabaseSettings;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/**
 * The released migrations of one schema and the only code that runs them (docs/policy.md, principle 2: a released
 * migration is never edited, a change is a new one). There are two sets: one makes the control schema {@value #CONTROL},
 * which lives as long as the environment, the other makes the schema of one generation.
 */
public final class Migrations {
    /** The schema that holds what is common to generations and outlives them. */
    public static final String CONTROL = "bo";

    /** How long a statement outside a transaction, such as an index made concurrently, may take. */
    public static final Duration LONGEST_STATEMENT = Duration.ofHours(4);

    private static final Logger log = LoggerFactory.getLogger(Migrations.class);
    private static final String WITH_A_SCHEMA = """
            SELECT generation FROM bo.generation
            WHERE state NOT IN ('RETIRING', 'RETIRED') AND to_regnamespace('g' || generation) IS NOT NULL
            ORDER BY generation
            """;
    private static final String SETS = "classpath:txlookup/migrations/";

    private final DataSource database;
    private final String schema;
    private final Distribution distribution;
    private final int partitions;
    private final List<String> locations;
    private final Flyway flyway;

    /** The control schema's; {@code database} gives connections as its owner, and the caller closes it. */
    public static Migrations ofControl(DataSource database) {
        return new Migrations(database, CONTROL, Distribution.NONE, 1, ofThisBuild("control"));
    }

    /** One generation's, in the schema of that generation. */
    public static Migrations ofGeneration(DataSource database, long generation) {
        return ofGeneration(database, generation, Distribution.NONE);
    }

    /** One generation's, in the schema of that generation, which is spread as it is made. */
    public static Migrations ofGeneration(DataSource database, long generation, Distribution distribution) {
        return ofGeneration(database, generation, distribution, 1);
    }

    /** One generation's, whose tables are made as the profile says. */
    public static Migrations ofGeneration(DataSource database, long generation, DatabaseSettings settings) {
        return ofGeneration(database, generation, settings.distribution(), settings.partitions());
    }

    /** One generation's, whose tables have so many partitions. */
    public static Migrations ofGeneration(
            DataSource database, long generation, Distribution distribution, int partitions) {
        return new Migrations(database, schema(generation), distribution, partitions, ofThisBuild("generation"));
    }

    /**
     * Brings the control schema and one generation's to head, which makes the latter where it is not there. It is spread where
     * the database can do that.
     */
    public static void toHead(DataSource database, long generation) {
        ofControl(database).toHead();
        ofGeneration(database, generation, possible(database)).toHead();
    }

    static Distribution possible(DataSource database) {
        try (Connection connection = database.getConnection()) {
            return Spreading.isPossible(connection) ? Distribution.CITUS : Distribution.NONE;
        } catch (SQLException e) {
            throw new MigrationException("It could not be asked what the database can do: " + e.getMessage(), e);
        }
    }

    /** The generations that have a schema and are not on their way out, oldest first; none without a control schema. */
    public static List<Long> generations(DataSource database) {
        try (Connection connection = database.getConnection()) {
            return Shape.isKept(connection) ? generations(connection) : List.of();
        } catch (SQLException e) {
            throw new MigrationException("The generations could not be listed: " + e.getMessage(), e);
        }
    }

    /** Which schemas of the store somebody changed otherwise than by a migration; empty while none is. */
    public static List<Drift> drifts(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return Shape.drifts(connection);
        }
    }

    private static List<Long> generations(Connection connection) throws SQLException {
        List<Long> generations = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(WITH_A_SCHEMA);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                generations.add(rows.getLong(1));
            }
        }
        return generations;
    }

    private static String[] ofThisBuild(String set) {
        return new String[] {SETS + set, SETS + "callbacks"};
    }

    /** The schema of a generation's rows: {@code g20261128010824}. */
    public static String schema(long generation) {
        return "g" + generation;
    }

    Migrations(DataSource database, String schema, String... locations) {
        this(database, schema, Distribution.NONE, 1, locations);
    }

    Migrations(DataSource database, String schema, Distribution distribution, int partitions, String... locations) {
        this.database = database;
        this.schema = schema;
        this.distribution = distribution;
        this.partitions = partitions;
        this.locations = List.of(locations);
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(database)
                .schemas(schema)
                .locations(locations)
                .callbacks(new BoundsOutsideTransactions())
                // By default Flyway lets a database be ahead of the code.
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
     * Brings the schema to head, and makes it where it is not there. Running it again changes nothing; a killed run is
     * continued. What it made is written down as the schema's {@link Shape}.
     *
     * @return the versions that this call applied, in order; empty when it was at head
     * @throws MigrationException when a released file was edited, the database is ahead of the code or a statement failed
     */
    public List<String> toHead() {
        try {
            refuseWithoutControl();
            new InterruptedMigration(database, schema).clear();
            Optional<Drift> drift = drift();
            List<String> applied = flyway.migrate().migrations.stream()
                    .map(migration -> migration.version)
                    .toList();
            new InterruptedMigration(database, schema).markWholeIndexes();
            if (!applied.isEmpty() || !isWrittenDown()) {
                spread();
                grant();
                drift.ifPresent(
                        before -> log.warn("{} This migration writes it down with the rest.", before.message()));
                writeShape();
            }
            return applied;
        } catch (FlywayValidateException e) {
            throw new MigrationException(
                    "The migrations of schema %s differ from this build's: ".formatted(schema) + firstLines(e)
                            + " Use the build that migrated it, or make the database again (txlookup down --destroy).",
                    e);
        } catch (FlywayException e) {
            throw new MigrationException("Migration of schema %s failed: ".formatted(schema) + firstLines(e), e);
        } catch (SQLException e) {
            throw new MigrationException(
                    "Schema %s could not be brought to head: %s. Run it again to continue."
                            .formatted(schema, e.getMessage()),
                    e);
        }
    }

    /**
     * Writes the schema's shape down as it is now. After a migration that is done already; it is needed by whoever changes
     * the catalogue in another way on purpose, such as by granting rights.
     */
    public void writeShape() throws SQLException {
        MigrationInfo[] applied = flyway.info().applied();
        int head = version(flyway.info().current());
        int oldestReader = new Contracts(locations).oldestReader(applied);
        try (Connection connection = database.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            try {
                Shape.write(connection, new Shape(schema, head, oldestReader, CatalogDigest.of(connection, schema)));
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    private void refuseWithoutControl() throws SQLException {
        if (schema.equals(CONTROL)) {
            return;
        }
        try (Connection connection = database.getConnection()) {
            if (!Shape.isKept(connection)) {
                throw new MigrationException(
                        "Schema %s needs schema %s, which is not there. Run \"txlookup migrate\" first."
                                .formatted(schema, CONTROL),
                        null);
            }
        }
    }

    private boolean isWrittenDown() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return Shape.read(connection, schema)
                    .filter(shape -> shape.head() == version(flyway.info().current()))
                    .isPresent();
        }
    }

    /**
     * Whether somebody changed the schema otherwise than by a migration. A run that was killed before it wrote the shape left
     * an older head in it: that is no drift.
     */
    public Optional<Drift> drift() throws SQLException {
        MigrationInfo current = flyway.info().current();
        if (current == null) {
            return Optional.empty();
        }
        try (Connection connection = database.getConnection()) {
            Optional<Shape> written = Shape.read(connection, schema).filter(shape -> shape.head() == version(current));
            return written.isEmpty() ? Optional.empty() : written.get().drift(connection);
        }
    }

    /**
     * Refuses a schema in which this build does not find what it uses: it was not migrated so far, or contracted beyond it.
     * It does not judge a store that is away, nor a schema that is not there.
     *
     * @throws MigrationException naming both revisions and what to do
     */
    public void requireReadable() {
        try (Connection connection = database.getConnection()) {
            Optional<Shape> shape = Shape.read(connection, schema);
            if (shape.isPresent()) {
                requireReadable(shape.get(), Integer.parseInt(revision().head()));
            }
        } catch (SQLException | FlywayException e) {
            log.warn("Schema {} cannot be read yet: {}", schema, e.getMessage());
        }
    }

    private void requireReadable(Shape shape, int head) {
        if (!shape.fits(head)) {
            throw new MigrationException(
                    "Schema %s is at revision %d and needs a build of revision %d or later; this build is at %d. %s"
                            .formatted(
                                    schema,
                                    shape.head(),
                                    shape.oldestReader(),
                                    head,
                                    head > shape.head()
                                            ? "Run txlookup migrate first."
                                            : "Use a newer build, or roll back the generation first."),
                    null);
        }
    }

    private void spread() throws SQLException {
        if (distribution == Distribution.NONE && partitions == 1) {
            return;
        }
        try (Connection connection = database.getConnection()) {
            if (distribution == Distribution.NONE) {
                Partitioning.part(connection, schema, partitions);
            } else {
                Spreading.spread(connection, schema, partitions);
            }
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    private void grant() {
        try (Connection connection = database.getConnection()) {
            Roles.grant(connection, schema);
        } catch (SQLException e) {
            throw new MigrationException(
                    "What the roles need in schema %s cannot be granted: %s".formatted(schema, e.getMessage()), e);
        }
    }

    private static int version(MigrationInfo current) {
        return Integer.parseInt(current.getVersion().getVersion());
    }

    /** Where the schema stands; the first gate of a rebuild asks it (docs/policy.md, Gates 1). */
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
