package txlookup.backfill.source;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;

/**
 * A file with a manifest beside it, which says when the file was read and perhaps what is in it.
 *
 * @param listed what the manifest says of this file; null where it lists no files
 */
record DescribedFile(Input file, String manifest, Instant asOf, ExtractManifest.@Nullable Listed listed)
        implements Input {
    @Override
    public String name() {
        return file.name();
    }

    @Override
    public Entity entity() {
        return file.entity();
    }

    @Override
    public OptionalLong size() throws IOException, SQLException {
        return file.size();
    }

    @Override
    public Optional<ExtractFile> asFile() {
        return file.asFile();
    }

    @Override
    public Optional<Instant> readAt() {
        return Optional.of(asOf);
    }

    @Override
    public Optional<Promise> promise() {
        return Optional.ofNullable(listed).map(said -> new Promise(manifest, said.rows(), said.sha256()));
    }

    @Override
    public Reader open(long nextPosition, @Nullable String resumeFrom, Instant otherwise)
            throws IOException, SQLException {
        return file.open(nextPosition, resumeFrom, asOf);
    }
}
