package txlookup.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import txlookup.local.testing.SharedPostgres;

/** What no act may do is refused to a hand that writes, also to the owner's. */
class GuardsIT {
    private MigratedDatabase database;

    /** 1 serves, 2 is the way back, 3 is READY, 4 is loaded, 5 is being retired. */
    @BeforeEach
    void fiveGenerations() throws SQLException {
        database = MigratedDatabase.withControl();
        database.run("""
                INSERT INTO bo.generation (generation, env, owner, consumer_group, event_profile, t_cutover, state)
                SELECT n, 'test', 'somebody', 'group-' || n, 'canonical-v1', now(),
                       (ARRAY['READY', 'READY', 'READY', 'CATCHING_UP', 'RETIRING'])[n]
                FROM generate_series(1, 5) n""");
        database.run("UPDATE bo.serving SET generation = 1, way_back = 2, epoch = 7");
    }

    @AfterEach
    void drop() {
        SharedPostgres.drop(database.database());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UPDATE bo.serving SET generation = 4                             | serves once it is READY: 4 is CATCHING_UP
            UPDATE bo.serving SET candidate = 5, share = 10                  | serves once it is READY: 5 is RETIRING
            UPDATE bo.serving SET epoch = 6                                  | 6 after 7
            DELETE FROM bo.serving                                           | DELETE on bo.serving is refused
            INSERT INTO bo.serving DEFAULT VALUES                            | INSERT on bo.serving is refused
            UPDATE bo.generation SET state = 'RETIRING' WHERE generation = 1 | generation 1 is in use and stays READY
            UPDATE bo.generation SET state = 'FAILED' WHERE generation = 2   | generation 2 is in use and stays READY
            UPDATE bo.generation SET state = 'READY' WHERE generation = 5    | generation 5 is RETIRING and cannot become READY
            DELETE FROM bo.generation WHERE generation = 4                   | DELETE on bo.generation is refused
            TRUNCATE bo.generation CASCADE                                   | TRUNCATE on bo.generation
            SET session_replication_role = replica; UPDATE bo.serving SET generation = 4 | serves once it is READY
            """)
    void isRefused(String sql, String message) throws SQLException {
        assertThatThrownBy(() -> database.run(sql))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(message);

        assertThat(database.ask("SELECT generation || ' ' || way_back || ' ' || epoch FROM bo.serving"))
                .containsExactly("1 2 7");
        assertThat(database.ask("SELECT count(*) FROM bo.generation")).containsExactly("5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UPDATE bo.serving SET generation = 2, way_back = NULL, epoch = 8
            UPDATE bo.serving SET candidate = 3, share = 10, epoch = 8
            UPDATE bo.serving SET generation = NULL, way_back = NULL, epoch = 8
            UPDATE bo.generation SET state = 'RETIRING' WHERE generation = 3
            UPDATE bo.generation SET state = 'RETIRED' WHERE generation = 5
            UPDATE bo.generation SET detail = 'a word' WHERE generation = 1
            """)
    void isDone(String sql) throws SQLException {
        database.run(sql);
    }

    /** The second of them sees what the first did. */
    @Test
    void aSwitchAndARetirementOfTheSameGenerationDoNotBothHappen() throws SQLException {
        try (Connection switching = database.database().connect();
                Statement statement = switching.createStatement()) {
            switching.setAutoCommit(false);
            statement.execute("UPDATE bo.serving SET generation = 3, way_back = 1, epoch = 8");
            CompletableFuture<Void> retiring = CompletableFuture.runAsync(() -> {
                try {
                    database.run("UPDATE bo.generation SET state = 'RETIRING' WHERE generation = 3");
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
            while (database.ask("SELECT pid FROM pg_locks WHERE NOT granted").isEmpty()) {
                assertThat(retiring).isNotDone();
            }
            switching.commit();
            assertThatThrownBy(retiring::join).hasMessageContaining("generation 3 is in use and stays READY");
        }
    }
}
