package txlookup.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a migration wrote down of its schema, and what other hands change in it. */
class ShapeIT {
    private static final String G = MigratedDatabase.SCHEMA;

    private static final MigratedDatabase MADE = MigratedDatabase.atHead();

    private MigratedDatabase database = MADE;

    private void ownDatabase() {
        database = MigratedDatabase.atHead();
    }

    @Test
    void aMigratedSchemaHasItsHeadAndNoDrift() throws SQLException {
        assertThat(drifts()).isEmpty();
        Shape shape = shape(G);
        assertThat(shape.head())
                .isEqualTo(Integer.parseInt(Migrations.ofGeneration(database.connections(), MigratedDatabase.GENERATION)
                        .revision()
                        .head()));
        assertThat(shape.oldestReader()).isEqualTo(1);
        assertThat(shape.fits(shape.head())).isTrue();
        assertThat(shape.fits(shape.head() + 1))
                .as("it lacks what a newer build uses")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bo | triggers | ALTER TABLE bo.audit DISABLE TRIGGER audit_only_grows
            bo | triggers | ALTER TABLE bo.audit ENABLE TRIGGER audit_only_grows
            bo | triggers | DROP TRIGGER audit_only_grows ON bo.audit
            bo | triggers | DO $$BEGIN EXECUTE format('ALTER TABLE bo.audit_%s DISABLE TRIGGER audit_only_grows', to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')); END$$
            bo | functions | CREATE OR REPLACE FUNCTION bo.refuse_to_change_the_audit() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$
            bo | functions | ALTER FUNCTION bo.start_audit_chain(text) SECURITY INVOKER
            bo | grants | GRANT UPDATE ON bo.audit TO PUBLIC
            bo | grants | GRANT UPDATE (actor) ON bo.audit TO PUBLIC
            bo | grants | GRANT EXECUTE ON FUNCTION bo.start_audit_chain(text) TO PUBLIC
            bo | grants | GRANT CREATE ON SCHEMA bo TO PUBLIC
            bo | constraints | ALTER TABLE bo.audit DROP CONSTRAINT audit_is_chained
            bo | tables | CREATE RULE quiet AS ON UPDATE TO bo.audit DO INSTEAD NOTHING
            bo | tables | ALTER TABLE bo.audit ENABLE ROW LEVEL SECURITY
            bo | tables | CREATE OR REPLACE VIEW bo.generations AS SELECT generation, env, owner, consumer_group, event_profile, t_cutover, as_of, state, detail, created_at, updated_at FROM bo.generation
            g | indexes | DROP INDEX ledger_entry_by_wallet
            g | indexes | CREATE INDEX another ON ledger_entry (event_time)
            g | columns | ALTER TABLE ledger_entry ADD COLUMN channel text
            g | columns | ALTER TABLE ledger_entry ALTER COLUMN wallet_id DROP NOT NULL
            g | columns | ALTER TABLE coverage ALTER COLUMN epoch SET DEFAULT 7
            g | tables | CREATE TABLE another (n integer)
            g | tables | ALTER TABLE payment_order SET UNLOGGED
            """)
    void eachChangeByOtherHandsIsSeenInItsPart(String schema, String part, String change) throws SQLException {
        try (Connection connection = MADE.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET search_path = %s, pg_temp".formatted(G));
            statement.execute(change);

            assertThat(Shape.drifts(connection)).singleElement().satisfies(drift -> {
                assertThat(drift.schema()).isEqualTo(schema.equals("g") ? G : schema);
                assertThat(drift.parts()).contains(part);
                assertThat(drift.message()).contains(drift.schema(), part);
            });
            connection.rollback();
            assertThat(Shape.drifts(connection)).isEmpty();
        }
    }

    @Test
    void aChangeTakenBackIsNoDrift() throws SQLException {
        ownDatabase();
        database.run("DROP INDEX ledger_entry_by_wallet");
        database.run("CREATE INDEX ledger_entry_by_wallet ON ledger_entry (wallet_id, event_time DESC)");

        assertThat(drifts()).isEmpty();
    }

    @Test
    void whatOperatorsTuneIsNoDrift() throws SQLException {
        ownDatabase();
        database.run("ALTER TABLE ledger_entry SET (autovacuum_vacuum_scale_factor = 0.02)");
        database.run("COMMENT ON TABLE ledger_entry IS 'Entries'");
        database.run("SELECT bo.make_audit_partition('2031-05-01')");
        database.run("CREATE STATISTICS by_wallet (ndistinct) ON wallet_id, entry_type FROM ledger_entry");

        assertThat(drifts()).isEmpty();
    }

    @Test
    void aBuildIsRefusedByASchemaThatWasContractedBeyondIt() throws SQLException {
        ownDatabase();
        Migrations generation = Migrations.ofGeneration(database.connections(), MigratedDatabase.GENERATION);
        generation.requireReadable();

        database.run("UPDATE bo.shape SET head = 99, oldest_reader = 98 WHERE schema_name LIKE 'g%'");
        assertThatThrownBy(generation::requireReadable)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("is at revision 99 and needs a build of revision 98 or later")
                .hasMessageContaining("Use a newer build");

        database.run("UPDATE bo.shape SET head = 1, oldest_reader = 1 WHERE schema_name LIKE 'g%'");
        assertThatThrownBy(generation::requireReadable).hasMessageContaining("Run txlookup migrate first");
    }

    @Test
    void aRunThatAppliesNothingDoesNotWriteADriftDown() throws SQLException {
        ownDatabase();
        database.run("DROP INDEX ledger_entry_by_wallet");

        Migrations.toHead(database.connections(), MigratedDatabase.GENERATION);
        assertThat(drifts()).hasSize(1);

        Migrations generation = Migrations.ofGeneration(database.connections(), MigratedDatabase.GENERATION);
        assertThat(generation.drift()).isPresent();
        generation.writeShape();
        assertThat(generation.drift()).isEmpty();
        assertThat(drifts()).isEmpty();
    }

    @Test
    void aSchemaWhoseLoadDropsIndexesOrThatIsBeingDroppedIsNotJudged() throws SQLException {
        ownDatabase();
        database.run("""
                INSERT INTO bo.generation (generation, env, owner, consumer_group, event_profile, t_cutover, state)
                VALUES (%d, 'e', 'o', 'g', 'p', now(), 'BACKFILLING')""".formatted(MigratedDatabase.GENERATION));
        database.run("DROP INDEX ledger_entry_by_wallet");
        assertThat(drifts()).isEmpty();

        database.run("UPDATE bo.generation SET state = 'CATCHING_UP'");
        assertThat(drifts()).hasSize(1);

        database.run("UPDATE bo.generation SET state = 'RETIRED'");
        try (Connection connection = database.database().connect()) {
            Shape.forget(connection, MigratedDatabase.GENERATION);
            assertThat(Shape.read(connection, G)).isEmpty();
        }
    }

    @Test
    void aContractRaisesTheOldestReaderToTheExpandThatItEnds(@TempDir Path folder) throws Exception {
        ownDatabase();
        CopiedMigrations copied = CopiedMigrations.ofGeneration(folder);
        copied.write("V90__add.sql", "-- expand: nothing uses more\nCREATE TABLE more (n integer);");
        copied.of(database).toHead();
        assertThat(shape(G).oldestReader()).isEqualTo(1);

        copied.write("V95__drop.sql", "-- contract: V90 nothing uses more\nDROP TABLE more;");
        copied.of(database).toHead();

        assertThat(shape(G).head()).isEqualTo(95);
        assertThat(shape(G).oldestReader()).isEqualTo(90);
        assertThat(shape(G).fits(89)).isFalse();
        assertThat(shape(G).fits(90)).isTrue();
        assertThat(drifts()).isEmpty();
    }

    private Shape shape(String schema) throws SQLException {
        try (Connection connection = database.database().connect()) {
            return Shape.read(connection, schema).orElseThrow();
        }
    }

    private List<Drift> drifts() throws SQLException {
        try (Connection connection = database.database().connect()) {
            return Shape.drifts(connection);
        }
    }
}
