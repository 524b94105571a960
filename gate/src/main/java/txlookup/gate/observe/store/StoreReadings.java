package txlookup.gate.observe.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import txlookup.apply.store.position.StoreStats;
import txlookup.gate.observe.record.ObservationSource;
import txlookup.gate.observe.record.Recorder;
import txlookup.gate.observe.record.ServiceHttp;
import txlookup.migrations.Drift;
import txlookup.migrations.Migrations;
import txlookup.migrations.Migrations.Revision;
import txlookup.migrations.Shape;

/** What the store says of one generation: open dead letters, revision and drift of its schemas, how long it took. */
public final class StoreReadings implements ObservationSource {
    private static final String SOURCE = "store";
    private static final String DEAD_LETTERS = "dead_letters_open";
    private static final String MIGRATION = "migration_differences";

    private final DataSource store;
    private final String address;
    private final long generation;
    private final StoreQueries queries;

    /**
     * Asks a store.
     *
     * @param store connections of the generation
     * @param address for messages; no password in it
     */
    public StoreReadings(DataSource store, String address, long generation) {
        this.store = store;
        this.address = address;
        this.generation = generation;
        this.queries = new StoreQueries(store);
    }

    @Override
    public void begin(Recorder recorder) {
        readRevision(recorder);
    }

    @Override
    public void sample(Recorder recorder) {
        read(recorder, DEAD_LETTERS, () -> {
            long open = new StoreStats(store).openDeadLetters();
            return new Seen(
                    OptionalDouble.of((double) open),
                    open + " open in generation " + generation + "; see txlookup dlq list");
        });
    }

    @Override
    public void end(Recorder recorder) {
        readRevision(recorder);
        read(recorder, "catch_up_seconds", () -> timed(queries.catchUpSeconds(generation), "never anchored"));
        read(recorder, "rebuild_seconds", () -> timed(queries.rebuildSeconds(generation), "never planned"));
    }

    private void readRevision(Recorder recorder) {
        read(recorder, MIGRATION, () -> {
            List<String> differences = new ArrayList<>();
            notAtHead(Migrations.CONTROL, Migrations.ofControl(store)).ifPresent(differences::add);
            notAtHead(Migrations.schema(generation), Migrations.ofGeneration(store, generation))
                    .ifPresent(differences::add);
            drifts().forEach(drift -> differences.add(drift.message()));
            return new Seen(
                    OptionalDouble.of(differences.size()),
                    differences.isEmpty()
                            ? "%s and %s are as this build makes them"
                                    .formatted(Migrations.CONTROL, Migrations.schema(generation))
                            : String.join(" ", differences));
        });
    }

    private static Optional<String> notAtHead(String schema, Migrations migrations) {
        Revision revision = migrations.revision();
        if (revision.isHead()) {
            return Optional.empty();
        }
        return Optional.of("Schema %s is at %s, this build at %s%s."
                .formatted(
                        schema,
                        revision.current(),
                        revision.head(),
                        revision.valid() ? "" : ", and what was applied is not what this build holds"));
    }

    /** Of the control schema and of this generation; another one is not judged here. */
    private List<Drift> drifts() throws SQLException {
        Set<String> own = Set.of(Migrations.CONTROL, Migrations.schema(generation));
        try (Connection connection = store.getConnection()) {
            return Shape.drifts(connection).stream()
                    .filter(drift -> own.contains(drift.schema()))
                    .toList();
        }
    }

    private static Seen timed(OptionalDouble seconds, String otherwise) {
        return new Seen(seconds, seconds.isPresent() ? "%.0f s".formatted(seconds.getAsDouble()) : otherwise);
    }

    private record Seen(OptionalDouble value, String detail) {}

    private interface Question {
        Seen ask() throws SQLException;
    }

    private void read(Recorder recorder, String reading, Question question) {
        Map<String, String> labels = Map.of("generation", Long.toString(generation));
        try {
            Seen seen = question.ask();
            Double value = seen.value().isPresent() ? seen.value().getAsDouble() : null;
            recorder.reading(SOURCE, reading, labels, value, seen.detail());
            recorder.answered(SOURCE, address);
        } catch (SQLException | FlywayException e) {
            recorder.reading(SOURCE, reading, labels, null, "the store does not say: " + firstLine(e));
            recorder.failed(SOURCE, address, firstLine(e));
        }
    }

    public static String firstLine(Exception e) {
        return ServiceHttp.said(e).lines().findFirst().orElse("");
    }
}
