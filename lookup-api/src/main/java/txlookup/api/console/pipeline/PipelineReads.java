package txlookup.api.console.pipeline;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import txlookup.api.console.pipeline.Pipeline.Generation;
import txlookup.api.console.pipeline.Pipeline.Source;
import txlookup.api.console.pipeline.Pipeline.Step;
import txlookup.api.generation.GenerationLook;
import txlookup.api.generation.Generations;

/** Reads how far each source of what serves is, and what became of the generations. */
@Component
final class PipelineReads {
    private static final int MOST_GENERATIONS = 10;

    private static final String SOURCES = """
            SELECT c.kind, c.name, c.partition, c.start_position, c.next_position, c.consumed, c.applied, c.stale,
                   c.duplicate, c.dead, c.as_of, c.applied_until, c.caught_up_at, c.completed_at, c.updated_at, c.claimed_by
            FROM coverage c ORDER BY c.kind DESC, c.name, c.partition""";

    private static final String GENERATIONS = """
            SELECT g.generation, g.state, g.detail, g.event_profile, g.consumer_group, g.t_cutover, t.state AS step,
                   t.detail AS step_detail, t.at
            FROM (SELECT * FROM bo.generations ORDER BY generation DESC LIMIT ?) g
            LEFT JOIN bo.generation_transition t ON t.generation = g.generation
            ORDER BY g.generation DESC, t.at""";

    private final DataSource database;
    private final Generations generations;

    /** @param database connections for what is common to generations */
    PipelineReads(@Qualifier("controlConnections") DataSource database, Generations generations) {
        this.database = database;
        this.generations = generations;
    }

    /** The sources of one generation; none while no generation can be read. */
    record Read(@Nullable Long generation, List<Source> sources) {}

    /** Of what serves; while nothing does, of the newest that has tables. */
    Read sources() throws SQLException {
        try (GenerationLook look = generations.watched()) {
            return look.store().isPresent()
                    ? new Read(
                            look.store().get().generation(),
                            sources(look.store().get().connections()))
                    : new Read(null, List.of());
        }
    }

    private static List<Source> sources(DataSource generation) throws SQLException {
        try (Connection connection = generation.getConnection();
                PreparedStatement statement = connection.prepareStatement(SOURCES);
                ResultSet row = statement.executeQuery()) {
            List<Source> sources = new ArrayList<>();
            while (row.next()) {
                int partition = row.getInt("partition");
                sources.add(new Source(
                        row.getString("kind"),
                        row.getString("name"),
                        partition < 0 ? null : partition,
                        row.getLong("next_position"),
                        row.getLong("consumed"),
                        row.getLong("applied"),
                        row.getLong("stale") + row.getLong("duplicate"),
                        row.getLong("dead"),
                        row.getObject("as_of", OffsetDateTime.class).toInstant(),
                        instant(row, "applied_until"),
                        instant(row, "caught_up_at"),
                        instant(row, "completed_at"),
                        row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                        row.getString("claimed_by")));
            }
            return sources;
        }
    }

    List<Generation> generations() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(GENERATIONS)) {
            statement.setInt(1, MOST_GENERATIONS);
            List<Generation> generations = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    long number = row.getLong("generation");
                    if (generations.isEmpty()
                            || generations.get(generations.size() - 1).number() != number) {
                        generations.add(new Generation(
                                number,
                                row.getString("state"),
                                row.getString("detail"),
                                row.getString("event_profile"),
                                row.getString("consumer_group"),
                                row.getObject("t_cutover", OffsetDateTime.class).toInstant(),
                                new ArrayList<>()));
                    }
                    Instant at = instant(row, "at");
                    if (at != null) {
                        generations
                                .get(generations.size() - 1)
                                .steps()
                                .add(new Step(row.getString("step"), row.getString("step_detail"), at));
                    }
                }
            }
            return generations;
        }
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
