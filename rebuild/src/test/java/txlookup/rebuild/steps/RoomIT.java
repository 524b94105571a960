package txlookup.rebuild.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;
import txlookup.rebuild.serving.LiveGenerations;

class RoomIT {
    private static final long FIRST = 20261121010733L;
    private static final long SECOND = 20261122010733L;
    private static final long THIRD = 20261123010733L;

    private final TestDatabase database = SharedPostgres.newDatabase();
    private HikariDataSource control;
    private Room room;

    @BeforeEach
    void migrate() {
        control = StoreConnections.control(
                database.jdbcUrl(),
                database.user(),
                database.password(),
                2,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
        Migrations.ofControl(control).toHead();
        room = room(10, OptionalLong.empty());
    }

    private Room room(int poolSize, OptionalLong freeDisk) {
        return new Room(new LiveGenerations(control), poolSize, freeDisk);
    }

    @Test
    void aDiskOrAServerThatIsTooSmallIsSaidBeforeAnythingIsMade() throws Exception {
        make(FIRST);
        serve(FIRST);
        assertThatThrownBy(() -> room(10, OptionalLong.of(200L << 20)).require(SECOND))
                .isInstanceOf(StepFailure.class)
                .hasMessageContaining("the disk has 200 MiB left");
        assertThatThrownBy(() -> room(10_000, OptionalLong.of(1L << 40)).require(SECOND))
                .isInstanceOf(StepFailure.class)
                .hasMessageContaining("connections are in use, and a generation beside what serves needs up to 20004");
        room(10, OptionalLong.of(1L << 40)).require(SECOND);
    }

    @AfterEach
    void close() {
        control.close();
        SharedPostgres.drop(database);
    }

    @Test
    void theFirstAndTheSecondHaveRoom() throws Exception {
        assertThat(room.require(FIRST)).as("nothing serves beside it").isFalse();
        make(FIRST);
        serve(FIRST);

        assertThat(room.require(SECOND)).as("beside the first").isTrue();
    }

    @Test
    void aThirdHasNoneAndIsToldWhatToRetire() throws Exception {
        make(FIRST);
        make(SECOND);
        serve(FIRST);

        assertThatThrownBy(() -> room.require(THIRD)).isInstanceOfSatisfying(StepFailure.class, refused -> {
            assertThat(refused)
                    .hasMessageContainingAll(Long.toString(FIRST), Long.toString(SECOND), "(READY)", "(ACTIVE)");
            assertThat(refused.unblock()).isEqualTo("txlookup generation retire " + SECOND);
        });
    }

    @Test
    void theSecondIsContinuedBesideTheFirst() throws Exception {
        make(FIRST);
        make(SECOND);
        serve(FIRST);

        assertThatCode(() -> room.require(SECOND)).doesNotThrowAnyException();
    }

    @Test
    void oneWhoseRowsAreGoneTakesNoRoom() throws Exception {
        make(FIRST);
        make(SECOND);
        serve(FIRST);
        execute("DROP SCHEMA %s CASCADE".formatted(Migrations.schema(SECOND)));

        assertThatCode(() -> room.require(THIRD)).doesNotThrowAnyException();
    }

    private void make(long number) throws SQLException {
        GenerationRegistry registry = new GenerationRegistry(control);
        registry.plan(new Generation(
                number, "test", "kim", "group-" + number, "canonical-v1", Instant.now(), State.PLANNED, null));
        Migrations.ofGeneration(control, number).toHead();
        registry.moveTo(number, State.READY, null);
    }

    private void serve(long number) throws SQLException {
        execute("UPDATE bo.serving SET generation = " + number);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
