package txlookup.backfill.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceRecord;

class NdjsonInputTest {
    private static final Instant AS_OF = Instant.parse("2026-02-05T01:00:00Z");

    @TempDir
    private Path folder;

    private NdjsonInput input(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        if (name.endsWith(".zst")) {
            Files.write(file, Zstd.compress(bytes));
        } else {
            Files.write(file, name.endsWith(".gz") ? gzip(content) : bytes);
        }
        return new NdjsonInput(file, Entity.LEDGER_ENTRY);
    }

    private static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** Every row as "line:content", read in chunks, opened anew at each checkpoint when asked to. */
    private static List<String> read(NdjsonInput input, int rows, boolean reopen) throws Exception {
        List<String> read = new ArrayList<>();
        Input.Reader reader = input.open(1, null, AS_OF);
        while (true) {
            Chunk chunk = reader.next(rows);
            for (SourceRecord record : chunk.records()) {
                assertThat(record.time()).isEqualTo(AS_OF);
                read.add(record.position() + ":" + new String(record.value(), StandardCharsets.UTF_8));
            }
            if (chunk.last()) {
                assertThat(chunk.done()).isEqualTo(input.size().orElseThrow());
                reader.close();
                return read;
            }
            if (reopen) {
                reader.close();
                reader = input.open(chunk.nextPosition(), chunk.resumeFrom(), AS_OF);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.ndjson", "rows.ndjson.gz", "rows.ndjson.zst"})
    void numbersRowsAsLinesAndSkipsBlankOnes(String name) throws Exception {
        NdjsonInput input = input(name, "{\"a\":1}\n\n{\"b\":2}\r\n  \t\n{\"한\":3}");
        assertThat(read(input, 10, false)).containsExactly("1:{\"a\":1}", "3:{\"b\":2}", "5:{\"한\":3}");
        assertThat(read(input, 1, true)).containsExactly("1:{\"a\":1}", "3:{\"b\":2}", "5:{\"한\":3}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.ndjson", "rows.ndjson.gz", "rows.ndjson.zst"})
    void readsTheSameRowsHoweverItIsCutAndReopened(String name) throws Exception {
        StringBuilder content = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int line = 1; line <= 2000; line++) {
            String row = "{\"n\":" + line + ",\"pad\":\"" + "x".repeat(line % 251) + "\"}";
            content.append(row).append('\n');
            expected.add(line + ":" + row);
        }
        NdjsonInput input = input(name, content.toString());
        assertThat(read(input, 7, false)).isEqualTo(expected);
        assertThat(read(input, 333, true)).isEqualTo(expected);
        assertThat(read(input, 2000, true)).isEqualTo(expected);
    }

    @Test
    void readsALineLongerThanItsBuffer() throws Exception {
        String row = "\"" + "y".repeat(300_000) + "\"";
        assertThat(read(input("long.ndjson", row + "\n1\n"), 1, true)).containsExactly("1:" + row, "2:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"long.ndjson", "long.ndjson.gz"})
    void aLineThatIsTooLongIsSetAsideWithItsBeginningAndReadingContinues(String name) throws Exception {
        int length = (16 << 20) + 1;
        NdjsonInput input = input(name, "{\"a\":1}\n" + "z".repeat(length) + "\n{\"b\":2}\n");
        try (Input.Reader reader = input.open(1, null, AS_OF)) {
            Chunk chunk = reader.next(10);
            assertThat(chunk.records()).extracting(SourceRecord::position).containsExactly(1L, 3L);
            assertThat(chunk.refused()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.VALUE_OUT_OF_RANGE);
                assertThat(letter.detail())
                        .isEqualTo(
                                "the row has 16,777,217 bytes, more than the 16,777,216 that one may have; its first 65,536 are kept");
                assertThat(letter.record().position()).isEqualTo(2);
                assertThat(letter.record().value()).hasSize(65_536).containsOnly('z');
            });
            assertThat(chunk.recordAt(2).value()).hasSize(65_536);
        }
    }

    @Test
    void aLineWithoutAnEndTakesNoMemory() throws Exception {
        long length = 3L << 30;
        InputStream endless = new InputStream() {
            private long left = length;

            @Override
            public int read() {
                throw new IllegalStateException("one by one");
            }

            @Override
            public int read(byte[] buffer, int from, int most) {
                int some = (int) Math.min(most, left);
                left -= some;
                Arrays.fill(buffer, from, from + some, (byte) '9');
                return some == 0 ? -1 : some;
            }
        };
        Input input =
                ExtractFiles.at(Path.of("-"), Entity.LEDGER_ENTRY, endless).get(0);
        try (Input.Reader reader = input.open(1, null, AS_OF)) {
            Chunk chunk = reader.next(10);
            assertThat(chunk.last()).isTrue();
            assertThat(chunk.refused()).singleElement().satisfies(letter -> assertThat(letter.detail())
                    .startsWith("the row has 3,221,225,472 bytes"));
        }
    }

    @Test
    void aChunkEndsWithTheRowThatMakesItLargeEnough() throws Exception {
        NdjsonInput input = input("rows.ndjson", "\"1234567\"\n".repeat(10));
        List<Integer> rows = new ArrayList<>();
        try (Input.Reader reader = input.open(1, null, AS_OF)) {
            for (boolean last = false; !last; ) {
                Chunk chunk = reader.next(5, 20);
                rows.add(chunk.records().size());
                last = chunk.last();
            }
        }
        assertThat(rows).as("three rows of nine bytes").containsExactly(3, 3, 3, 1);
    }

    @Test
    void readsAnEmptyFile() throws Exception {
        assertThat(read(input("empty.ndjson", ""), 10, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut.ndjson.gz", "cut.ndjson.zst"})
    void namesTheLineWhereACompressedFileIsDamaged(String name) throws Exception {
        String content = "{\"a\":\"" + "abcdefgh".repeat(40) + "\"}\n";
        NdjsonInput input = input(name, content.repeat(50_000));
        byte[] whole = Files.readAllBytes(Path.of(input.name()));
        Files.write(Path.of(input.name()), Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> read(input, 100, false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(name + " is damaged after line ")
                .hasMessageContaining("Take the extract again");
    }
}
