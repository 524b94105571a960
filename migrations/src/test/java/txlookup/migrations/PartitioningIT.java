package txlookup.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/** A generation's entries and orders have partitions from the moment they are made, where the profile says so. */
class PartitioningIT {
    private static final String DESCRIBED = """
            SELECT format('%s %s %s', relname, replace(pg_get_indexdef(oid), ' ONLY ', ' '), obj_description(oid, 'pg_class')) FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('i', 'I') AND NOT relispartition
            UNION ALL
            SELECT format('%s %s %s', attrelid::regclass, attname, col_description(attrelid, attnum)) FROM pg_attribute
            WHERE attrelid IN ('ledger_entry'::regclass, 'payment_order'::regclass) AND attnum > 0 ORDER BY 1""";

    private MigratedDatabase database;

    @BeforeEach
    void make() {
        database = MigratedDatabase.withControl();
    }

    private Migrations migrations(int partitions) {
        return Migrations.ofGeneration(
                database.connections(), MigratedDatabase.GENERATION, Distribution.NONE, partitions);
    }

    @Test
    void theyAreAsTheyWereWithoutThem() throws Exception {
        MigratedDatabase plain = MigratedDatabase.withControl();
        Migrations.ofGeneration(plain.connections(), MigratedDatabase.GENERATION, Distribution.NONE)
                .toHead();
        Migrations migrations = migrations(4);
        migrations.toHead();
        assertThat(database.ask(DESCRIBED)).isEqualTo(plain.ask(DESCRIBED));
        assertThat(database.ask("""
                SELECT format('%s %s %s', inhparent::regclass, count(*), min(reloptions::text)) FROM pg_inherits
                JOIN pg_class ON pg_class.oid = inhrelid AND relkind = 'r'
                WHERE relnamespace = current_schema()::regnamespace GROUP BY inhparent ORDER BY 1"""))
                .containsExactly(
                        "ledger_entry 4 {fillfactor=90,autovacuum_vacuum_insert_scale_factor=0.05,autovacuum_freeze_min_age=10000}",
                        "payment_order 4 {fillfactor=90,autovacuum_vacuum_insert_scale_factor=0.05,autovacuum_vacuum_scale_factor=0.05}");
        assertThat(migrations.toHead()).isEmpty();
        assertThat(migrations.drift()).isEmpty();
    }

    @Test
    void generationsStandBesideEachOther() throws Exception {
        migrations(4).toHead();
        Migrations.ofGeneration(database.connections(), 20260102000000L, Distribution.NONE, 2)
                .toHead();
        assertThat(
                        database.ask(
                                "SELECT format('%s %s', relnamespace::regnamespace, count(*)) FROM pg_class"
                                        + " WHERE relispartition AND relkind = 'r' AND relname ~ '_p[0-9]+$' GROUP BY relnamespace ORDER BY 1"))
                .containsExactly(MigratedDatabase.SCHEMA + " 8", "g20260102000000 4");
    }

    @Test
    void whatHoldsRowsStaysWhole() throws Exception {
        migrations(1).toHead();
        database.run("""
                INSERT INTO payment_order (created_at, source_time, digest, source_position, ingested_at, source_id,
                    order_id, amount, status) VALUES (now(), now(), 1, 1, now(), 1, 'ORD-1', 1, 'PAID')""");
        database.run("DELETE FROM bo.shape WHERE schema_name <> 'bo'");
        migrations(4).toHead();
        assertThat(database.ask(
                        "SELECT format('%s %s', relname, relkind) FROM pg_class WHERE relname IN ('ledger_entry', 'payment_order')"
                                + " AND relnamespace = current_schema()::regnamespace ORDER BY 1"))
                .isEqualTo(List.of("ledger_entry p", "payment_order r"));
    }

    @Test
    void onSeveralServersTheyAreRefused() {
        Migrations both =
                Migrations.ofGeneration(database.connections(), MigratedDatabase.GENERATION, Distribution.CITUS, 4);
        assertThatThrownBy(both::toHead)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("database.partitions: 4")
                .hasMessageContaining("citus.shard_count");
    }
}
