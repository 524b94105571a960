package txlookup.backfill;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.store.load.LoadSample;
import txlookup.backfill.pipeline.LoadSettings;
import txlookup.backfill.pipeline.Sample;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.Input;
import txlookup.profiles.events.EventProfile;

/**
 * What a backfill would do, without doing it: each input's first chunk is read, decoded and tried on the database, and
 * the rest is taken to be like it.
 */
public record BackfillPlan(List<Line> inputs) {
    /** Making the indexes and committing come on top of what a sample shows. */
    private static final double INDEXES_AND_COMMITS = 2;

    public BackfillPlan {
        inputs = List.copyOf(inputs);
    }

    /**
     * One input.
     *
     * @param rows rows in it, estimated; empty where its size is not known
     * @param chunks transactions that they take; empty where its size is not known
     * @param sampled rows read to estimate
     * @param refused how many of those would become dead letters
     * @param firstRefused which would be the first, and why; null where none would
     * @param expected how long the input takes; zero where its size is not known
     */
    public record Line(
            String name,
            Entity entity,
            OptionalLong rows,
            OptionalLong chunks,
            int sampled,
            int refused,
            @Nullable String firstRefused,
            Duration expected) {}

    /**
     * Refuses inputs that the event profile does not fit.
     *
     * @param maxDeadShare share of dead letters, of 1, in an input's sample above which nothing is loaded
     * @throws IllegalArgumentException with the counts, the first reason and what to do
     */
    public void requireFit(double maxDeadShare) {
        inputs.forEach(line ->
                new Sample(line.name(), line.sampled(), line.refused(), line.firstRefused()).require(maxDeadShare));
    }

    /** How long all of it takes, side by side. */
    public Duration expected() {
        return inputs.stream().map(Line::expected).reduce(Duration.ZERO, Duration::plus);
    }

    /**
     * Samples inputs. Standard input is left alone, for what is read of it is gone.
     *
     * @param connections a pool for the migrated store
     */
    public static BackfillPlan of(
            LoadSettings settings,
            EventProfile profile,
            DataSource connections,
            List<? extends Input> inputs,
            Clock clock)
            throws IOException, SQLException {
        List<Line> lines = new ArrayList<>();
        Decoder decoder = new Decoder(profile, settings.maxFutureSkew(), clock);
        for (Input input : inputs) {
            lines.add(input.isRepeatable() ? sample(settings, decoder, connections, input) : unknown(input));
        }
        return new BackfillPlan(lines);
    }

    private static Line unknown(Input input) {
        return new Line(
                input.name(), input.entity(), OptionalLong.empty(), OptionalLong.empty(), 0, 0, null, Duration.ZERO);
    }

    private static Line sample(LoadSettings settings, Decoder decoder, DataSource connections, Input input)
            throws IOException, SQLException {
        OptionalLong size = input.size();
        long start = System.nanoTime();
        Chunk chunk;
        try (Input.Reader reader = input.sample(settings.chunkRows(), settings.asOf())) {
            chunk = reader.next(settings.chunkRows(), settings.chunkBytes());
        }
        List<Decoded> decoded =
                chunk.decoded(record -> decoder.decode(input.entity(), record)).toList();
        Duration own = Duration.ofNanos(System.nanoTime() - start);
        Duration all = own.plus(LoadSample.measure(connections, input.entity(), decoded));
        Sample sample = Sample.of(input.name(), decoded);
        int sampled = sample.rows();
        OptionalLong rows = rows(chunk, sampled, size);
        if (rows.isEmpty()) {
            return line(input, sample, rows, OptionalLong.empty(), Duration.ZERO);
        }
        double share = sampled == 0 ? 0 : (double) rows.getAsLong() / sampled;
        Duration expected = Duration.ofNanos((long) (all.toNanos() * share * INDEXES_AND_COMMITS / settings.threads()));
        long chunks = rows.getAsLong() / settings.chunkRows() + 1;
        return line(input, sample, rows, OptionalLong.of(chunks), expected);
    }

    private static Line line(Input input, Sample sample, OptionalLong rows, OptionalLong chunks, Duration expected) {
        return new Line(
                input.name(), input.entity(), rows, chunks, sample.rows(), sample.refused(), sample.first(), expected);
    }

    private static OptionalLong rows(Chunk sample, int sampled, OptionalLong size) {
        if (sample.last() || size.isEmpty() || sample.done() == 0) {
            return sample.last() ? OptionalLong.of(sampled) : OptionalLong.empty();
        }
        return OptionalLong.of(Math.round((double) sampled * size.getAsLong() / sample.done()));
    }
}
