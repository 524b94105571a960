package txlookup.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.profiles.settings.DatabaseSettings.Distribution;

/** A generation's entries and orders are spread when it is made, where the profile says so and the database can. */
class SpreadingIT {
    private static final String HAS_CITUS = "SELECT count(*) FROM pg_extension WHERE extname = 'citus'";

    private static final String SHARDS = """
            SELECT format('%s %s', logicalrelid, count(*) = count(DISTINCT groupid) AND count(*) = (
                SELECT count(*) FROM pg_dist_node WHERE noderole = 'primary' AND shouldhaveshards))
            FROM pg_dist_shard JOIN pg_dist_placement USING (shardid) GROUP BY logicalrelid ORDER BY 1""";

    private MigratedDatabase database;
    private boolean isPossible;

    @BeforeEach
    void make() throws Exception {
        database = MigratedDatabase.withControl();
        isPossible = database.ask(HAS_CITUS).equals(List.of("1"));
    }

    private Migrations migrations(Distribution distribution) {
        return Migrations.ofGeneration(database.connections(), MigratedDatabase.GENERATION, distribution);
    }

    @Test
    void aDatabaseThatCannotSpreadTablesIsRefused() {
        assumeFalse(isPossible, "needs a server without Citus");
        assertThatThrownBy(() -> migrations(Distribution.CITUS).toHead())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("database.distribution: citus")
                .hasMessageContaining("has no extension citus");
        assertThat(migrations(Distribution.NONE).toHead()).isEmpty();
    }

    @Test
    void entriesAndOrdersAreSpreadByTheirKeysAndNothingElseIs() throws Exception {
        assumeTrue(isPossible, "needs a server with Citus");
        Migrations migrations = migrations(Distribution.CITUS);
        migrations.toHead();
        assertThat(database.ask("SELECT format('%s %s', logicalrelid, column_to_column_name(logicalrelid, partkey))"
                        + " FROM pg_dist_partition ORDER BY 1"))
                .containsExactly("ledger_entry tx_id", "payment_order order_id");
        assertThat(database.ask(Distribution.IS_SPREAD)).containsExactly("t");
        assertThat(migrations.toHead()).isEmpty();
        assertThat(migrations.drift()).isEmpty();
    }

    @Test
    void eachServerGetsOneShardOfATableUnlessAnotherNumberIsSet() throws Exception {
        assumeTrue(isPossible, "needs a server with Citus");
        migrations(Distribution.CITUS).toHead();
        assertThat(database.ask(SHARDS)).containsExactly("ledger_entry t", "payment_order t");

        MigratedDatabase another = MigratedDatabase.withControl();
        another.run("ALTER DATABASE %s SET citus.shard_count = 5"
                .formatted(another.database().name()));
        Migrations.ofGeneration(another.connections(), MigratedDatabase.GENERATION, Distribution.CITUS)
                .toHead();
        assertThat(another.ask("SELECT DISTINCT shard_count FROM public.citus_tables"))
                .containsExactly("5");
    }

    @Test
    void withoutTheProfilesWordTheyStayOnOneServer() throws Exception {
        migrations(Distribution.NONE).toHead();
        assertThat(database.ask(Distribution.IS_SPREAD)).containsExactly("f");
    }
}
