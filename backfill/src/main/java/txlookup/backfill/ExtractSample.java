package txlookup.backfill;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import txlookup.apply.decode.Decoder;
import txlookup.backfill.pipeline.Sample;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.ExtractFiles;
import txlookup.backfill.source.Input;
import txlookup.profiles.events.EventProfile;

/**
 * The first rows of an input, decoded and written nowhere: whether a backfill could load it.
 *
 * @param rows how many were read
 * @param refused how many of them would become dead letters
 * @param readAt when the input was read from its source; empty where the run reads the source itself
 */
public record ExtractSample(String input, int rows, int refused, Optional<Instant> readAt) {
    /**
     * Samples an input.
     *
     * @param asOf when files were read that do not say it themselves
     * @throws IllegalArgumentException when the input is not of its form, or nothing says when it was read
     */
    public static ExtractSample of(
            Input input,
            int chunkRows,
            Optional<Instant> asOf,
            EventProfile profile,
            Duration maxFutureSkew,
            Clock clock)
            throws IOException, SQLException {
        Decoder decoder = new Decoder(profile, maxFutureSkew, clock);
        Chunk chunk;
        try (Input.Reader reader = input.sample(chunkRows, clock.instant())) {
            chunk = reader.next(chunkRows);
        }
        Sample sample = Sample.of(
                input.name(),
                chunk.decoded(record -> decoder.decode(input.entity(), record)).toList());
        return new ExtractSample(
                input.name(),
                sample.rows(),
                sample.refused(),
                ExtractFiles.asOf(List.of(input), asOf, Optional.empty()));
    }
}
