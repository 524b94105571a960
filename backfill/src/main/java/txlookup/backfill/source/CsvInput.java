package txlookup.backfill.source;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import txlookup.apply.model.Entity;

/**
 * A file of comma-separated values (RFC 4180), plain, {@code .gz} or {@code .zst}, whose first line names the contract's
 * fields. An empty value is a missing one. Rows are numbered from 1, without the first line.
 *
 * @param file the file; its name is the input's name
 */
public record CsvInput(ExtractFile file, Entity entity) implements Input {
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();

    private static final JsonFactory JSON = new JsonFactory();

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
        SeekableByteChannel channel = file.open();
        InputStream stream = Compression.of(name()).decompress(Channels.newInputStream(channel));
        // A reader made with a decoder refuses what is not UTF-8, where one made with a charset replaces it.
        RowBound bound =
                new RowBound(new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8.newDecoder())));
        Rows rows = new Rows(this, channel, asOf, bound, FORMAT.parse(bound));
        rows.skipTo(nextPosition);
        return rows;
    }

    private static final class Rows implements Reader {
        private final CsvInput input;
        private final SeekableByteChannel channel;
        private final Instant asOf;
        private final RowBound bound;
        private final CSVParser parser;
        private final Iterator<CSVRecord> rows;
        private long position = 1;

        Rows(CsvInput input, SeekableByteChannel channel, Instant asOf, RowBound bound, CSVParser parser) {
            this.input = input;
            this.channel = channel;
            this.asOf = asOf;
            this.bound = bound;
            this.parser = parser;
            this.rows = parser.iterator();
        }

        void skipTo(long wanted) throws IOException {
            while (position < wanted && next() != null) {
                position++;
            }
        }

        private @Nullable CSVRecord next() throws IOException {
            try {
                CSVRecord row = rows.hasNext() ? rows.next() : null;
                bound.rowEnded();
                if (row != null && !row.isConsistent()) {
                    throw broken("row %d has %d values, the first line names %d"
                            .formatted(
                                    position,
                                    row.size(),
                                    parser.getHeaderNames().size()));
                }
                return row;
            } catch (UncheckedIOException e) {
                IOException broken = broken(e.getCause().toString());
                broken.initCause(e);
                throw broken;
            }
        }

        private IOException broken(String why) {
            return new IOException("%s is not CSV in UTF-8 after row %d: %s. Take the extract again"
                    .formatted(input.name(), position - 1, why));
        }

        @Override
        public Chunk next(int wanted, long bytes) throws IOException {
            ChunkRows chunk = new ChunkRows(wanted, bytes, asOf);
            CSVRecord row = null;
            boolean more = true;
            while (chunk.hasRoom() && (more = (row = next()) != null)) {
                chunk.add(position++, json(row));
            }
            return chunk.chunk(position, null, channel.position(), !more);
        }

        private byte[] json(CSVRecord row) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
            try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
                json.writeStartObject();
                for (int column = 0; column < row.size(); column++) {
                    if (!row.get(column).isEmpty()) {
                        json.writeStringProperty(parser.getHeaderNames().get(column), row.get(column));
                    }
                }
                json.writeEndObject();
            }
            return bytes.toByteArray();
        }

        @Override
        public void close() throws IOException {
            parser.close();
        }
    }
}
