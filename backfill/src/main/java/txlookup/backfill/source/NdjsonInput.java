package txlookup.backfill.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;

/**
 * A file of JSON objects, one a line, plain, {@code .gz} or {@code .zst}. Rows are numbered as lines, from 1; blank lines are no rows.
 * The size is the file's own, compressed or not, so that progress tells how much of the file is read.
 *
 * @param file the file; its name is the input's name
 */
public record NdjsonInput(ExtractFile file, Entity entity) implements Input {
    /** A file of this machine. */
    public NdjsonInput(Path file, Entity entity) {
        this(new ExtractFile.Local(file), entity);
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public Optional<ExtractFile> asFile() {
        return Optional.of(file);
    }

    @Override
    public OptionalLong size() throws IOException {
        return OptionalLong.of(file.size());
    }

    @Override
    public Reader open(long nextPosition, @Nullable String resumeFrom, Instant asOf) throws IOException {
        Compression compression = Compression.of(name());
        SeekableByteChannel channel = file.open();
        if (compression == Compression.NONE) {
            long offset = resumeFrom == null ? 0 : Long.parseLong(resumeFrom);
            channel.position(offset);
            InputStream stream = Channels.newInputStream(channel);
            return new NdjsonLines(name(), true, channel::position, stream, asOf, nextPosition, offset);
        }
        InputStream stream = compression.decompress(Channels.newInputStream(channel));
        NdjsonLines lines = new NdjsonLines(name(), false, channel::position, stream, asOf, 1, 0);
        lines.skipTo(nextPosition);
        return lines;
    }
}
