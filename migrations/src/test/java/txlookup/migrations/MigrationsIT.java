package txlookup.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsIT {
    private static final String LOCK_LEDGER_ENTRIES =
            "LOCK TABLE %s.ledger_entry IN ROW EXCLUSIVE MODE".formatted(MigratedDatabase.SCHEMA);
    private static final long DEFINITELY_TOO_SLOW_SECONDS = 60;

    @TempDir
    Path folder;

    private CopiedMigrations copied;
    private final MigratedDatabase database = MigratedDatabase.withControl();

    @BeforeEach
    void copyTheFiles() throws Exception {
        copied = CopiedMigrations.ofGeneration(folder);
    }

    @Test
    void aSchemaThatIsNotThereIsNotAtHead() {
        Migrations.Revision revision = Migrations.ofGeneration(database.connections(), MigratedDatabase.GENERATION)
                .revision();

        assertThat(revision.current()).isNull();
        assertThat(revision.isHead()).isFalse();
    }

    @Test
    void bringsAnEmptySchemaToHeadAndAgainChangesNothing() throws Exception {
        Migrations migrations = Migrations.ofGeneration(database.connections(), MigratedDatabase.GENERATION);

        assertThat(migrations.toHead()).containsExactlyElementsOf(copied.versions());
        assertThat(migrations.toHead()).isEmpty();

        Migrations.Revision revision = migrations.revision();
        assertThat(revision.isHead()).isTrue();
        assertThat(revision.current()).isEqualTo(copied.head());
    }

    @Test
    void theControlSchemaComesToHeadWithoutAnyGeneration() throws Exception {
        MigratedDatabase empty = MigratedDatabase.empty();
        Migrations control = Migrations.ofControl(empty.connections());

        assertThat(control.revision().isHead()).isFalse();
        assertThat(control.toHead()).isNotEmpty();
        assertThat(control.toHead()).isEmpty();
        assertThat(control.revision().isHead()).isTrue();
        assertThat(empty.ask("SELECT generation FROM bo.serving")).containsOnlyNulls();
        assertThat(empty.ask("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'g2%'"))
                .isEmpty();
    }

    @Test
    void aGenerationIsNotMadeBeforeTheControlSchemaIsThere() {
        MigratedDatabase empty = MigratedDatabase.empty();

        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(() -> Migrations.ofGeneration(empty.connections(), MigratedDatabase.GENERATION)
                        .toHead())
                .withMessageContaining("schema bo")
                .withMessageContaining("txlookup migrate");
    }

    @Test
    void generationsAreMadeBesideEachOtherAndOneIsDroppedWithoutTheOther() throws Exception {
        long other = MigratedDatabase.GENERATION + 1;
        Migrations.toHead(database.connections(), MigratedDatabase.GENERATION);
        Migrations.toHead(database.connections(), other);
        assertThat(database.ask("SELECT schema_name FROM bo.shape ORDER BY 1"))
                .containsExactly("bo", MigratedDatabase.SCHEMA, Migrations.schema(other));

        assertThat(Migrations.generations(database.connections()))
                .as("of those in the registry")
                .isEmpty();
        database.run("""
                INSERT INTO bo.generation (generation, env, owner, consumer_group, event_profile, t_cutover, state)
                SELECT n, 'e', 'o', 'g', 'p', now(), 'READY' FROM unnest(ARRAY[%d, %d, 1]) n""".formatted(MigratedDatabase.GENERATION, other));
        assertThat(Migrations.generations(database.connections())).containsExactly(MigratedDatabase.GENERATION, other);
        database.run("UPDATE bo.generation SET state = 'RETIRING' WHERE generation = " + other);
        assertThat(Migrations.generations(database.connections())).containsExactly(MigratedDatabase.GENERATION);

        database.run("DROP SCHEMA %s CASCADE".formatted(Migrations.schema(other)));

        assertThat(Migrations.ofGeneration(database.connections(), other)
                        .revision()
                        .isHead())
                .isFalse();
        assertThat(Migrations.ofGeneration(database.connections(), MigratedDatabase.GENERATION)
                        .revision()
                        .isHead())
                .isTrue();
    }

    @Test
    void aDatabaseBehindTheCodeIsNotAtHeadAndIsBroughtThere() throws Exception {
        copied.of(database).toHead();
        copied.write("V90__add_more.sql", "CREATE TABLE more (n integer);");

        assertThat(copied.of(database).revision().isHead()).isFalse();
        assertThat(copied.of(database).toHead()).containsExactly("90");
        assertThat(copied.of(database).revision().isHead()).isTrue();
    }

    @Test
    void aReleasedFileThatWasEditedIsRefusedByName() throws Exception {
        copied.of(database).toHead();
        copied.append("V3__create_dead_letters.sql", "CREATE TABLE afterthought (n integer);");

        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(() -> copied.of(database).toHead())
                .withMessageContaining("migrations of schema " + MigratedDatabase.SCHEMA + " differ from this build's")
                .withMessageContaining("checksum mismatch for migration version 3")
                .withMessageContaining("txlookup down --destroy");
        assertThat(copied.of(database).revision().isHead()).isFalse();
        assertThat(database.ask("SELECT to_regclass('afterthought')::text")).containsOnlyNulls();
    }

    @Test
    void aDatabaseAheadOfTheCodeIsRefusedByVersion() throws Exception {
        copied.write("V90__add_more.sql", "CREATE TABLE more (n integer);");
        copied.of(database).toHead();

        Migrations older = Migrations.ofGeneration(database.connections(), MigratedDatabase.GENERATION);
        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(older::toHead)
                .withMessageContaining("90")
                .withMessageContaining("Use the build that migrated it");
        assertThat(older.revision().isHead()).isFalse();
    }

    @Test
    void aFailingStatementIsNamedAndLeavesNoHalfOfItsMigration() throws Exception {
        copied.write("V90__add_half.sql", """
                CREATE TABLE half (n integer);
                ALTER TABLE no_such_table ADD COLUMN n integer;
                """);

        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(() -> copied.of(database).toHead())
                .withMessageContaining("V90__add_half.sql")
                .withMessageContaining("no_such_table");
        assertThat(database.ask("SELECT to_regclass('half')::text")).containsOnlyNulls();
        assertThat(Migrations.ofGeneration(database.connections(), MigratedDatabase.GENERATION)
                        .revision()
                        .isHead())
                .as("what went before the failing migration is kept")
                .isTrue();
    }

    @Test
    void aMendedMigrationIsAppliedByTheNextRun() throws Exception {
        copied.write("V90__add_more.sql", "CREATE TABLE more (n no_such_type);");
        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(() -> copied.of(database).toHead());

        copied.write("V90__add_more.sql", "CREATE TABLE more (n integer);");

        assertThat(copied.of(database).toHead()).containsExactly("90");
    }

    @Test
    void twoAtOnceBothEndAtHeadAndEachMigrationIsAppliedOnce() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        List<CompletableFuture<List<String>>> runs = Stream.of(1, 2)
                .map(run -> CompletableFuture.supplyAsync(() -> {
                    Migrations migrations =
                            Migrations.ofGeneration(database.connections(), MigratedDatabase.GENERATION);
                    await(start);
                    return migrations.toHead();
                }))
                .toList();

        List<String> first = runs.get(0).get(DEFINITELY_TOO_SLOW_SECONDS, TimeUnit.SECONDS);
        List<String> second = runs.get(1).get(DEFINITELY_TOO_SLOW_SECONDS, TimeUnit.SECONDS);

        assertThat(Stream.concat(first.stream(), second.stream()))
                .containsExactlyInAnyOrderElementsOf(copied.versions());
        assertThat(Migrations.ofGeneration(database.connections(), MigratedDatabase.GENERATION)
                        .revision()
                        .isHead())
                .isTrue();
    }

    @Test
    void aMigrationThatCannotHaveItsLockGivesUpRatherThanQueueOthersBehindIt() throws Exception {
        copied.of(database).toHead();
        copied.write("V90__add_column.sql", "ALTER TABLE ledger_entry ADD COLUMN more integer;");
        try (Connection other = database.database().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(LOCK_LEDGER_ENTRIES);

            CompletableFuture<Throwable> refused = CompletableFuture.supplyAsync(
                            () -> copied.of(database).toHead())
                    .handle((applied, e) -> e.getCause());

            assertThat(refused.get(DEFINITELY_TOO_SLOW_SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("V90__add_column.sql")
                    .hasMessageContaining("lock timeout");
        }

        assertThat(copied.of(database).toHead()).containsExactly("90");
    }

    @Test
    void anIndexCanBeMadeConcurrently() throws Exception {
        copied.of(database).toHead();
        copied.write(
                "V90__add_index.sql",
                "CREATE INDEX CONCURRENTLY ledger_entry_by_event_time ON ledger_entry (event_time);");

        assertThat(copied.of(database).toHead()).containsExactly("90");
    }

    @Test
    void theBoundOnLocksDoesNotOutliveTheMigrationOnAConnectionThatIsKept() throws SQLException {
        try (KeptConnection kept = new KeptConnection(database.connections())) {
            String before = kept.setting("lock_timeout");

            Migrations.ofGeneration(kept, MigratedDatabase.GENERATION).toHead();

            assertThat(kept.setting("lock_timeout")).isEqualTo(before);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
