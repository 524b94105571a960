package txlookup.backfill.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import txlookup.apply.model.Entity;

class ExtractFilesTest {
    private static final Instant AS_OF = Instant.parse("2026-02-05T01:00:00Z");

    @TempDir
    private Path folder;

    private static List<Input> at(Path path) throws IOException {
        return ExtractFiles.at(path, Entity.LEDGER_ENTRY, InputStream.nullInputStream());
    }

    private static List<String> read(Input input, long from, int rows) throws Exception {
        List<String> read = new ArrayList<>();
        try (Input.Reader reader = input.open(from, null, AS_OF)) {
            Chunk chunk;
            do {
                chunk = reader.next(rows);
                chunk.records()
                        .forEach(record ->
                                read.add(record.position() + ":" + new String(record.value(), StandardCharsets.UTF_8)));
            } while (!chunk.last());
        }
        return read;
    }

    @Test
    void aFolderIsAllItsExtractsInOrder() throws Exception {
        for (String name : List.of("b.ndjson.gz", "a.ndjson", "c.csv.zst", "README.md", "d.ndjson.part")) {
            Files.writeString(folder.resolve(name), "");
        }
        assertThat(at(folder).stream().map(Input::name).map(Path::of).map(Path::getFileName))
                .map(Path::toString)
                .containsExactly("a.ndjson", "b.ndjson.gz", "c.csv.zst");
    }

    @Test
    void aFolderWithoutExtractsIsRefused() {
        assertThatThrownBy(() -> at(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds no extract: wanted *.ndjson or *.csv");
    }

    private void manifest(String json) throws IOException {
        Files.writeString(folder.resolve("extract.json"), json);
    }

    private static Optional<Instant> asOf(List<Input> inputs, Optional<Instant> given) {
        return ExtractFiles.asOf(inputs, given, Optional.empty());
    }

    @Test
    void aManifestSaysWhenItsFilesWereReadAndWhatIsInThem() throws Exception {
        Files.writeString(folder.resolve("a.ndjson"), "{}\n");
        String sha256 = "0".repeat(64);
        manifest("""
                {"asOf": "2026-02-05T09:59:59.123456789+09:00", "made by": "a test",
                 "files": [{"name": "a.ndjson", "rows": 1, "sha256": "%s"}]}""".formatted(sha256));
        for (Path path : List.of(folder, folder.resolve("a.ndjson"))) {
            List<Input> inputs = at(path);
            assertThat(asOf(inputs, Optional.empty())).contains(Instant.parse("2026-02-05T00:59:59.123456Z"));
            assertThat(inputs.get(0).promise())
                    .contains(new Input.Promise(
                            folder.resolve("extract.json").toAbsolutePath().toString(), 1L, sha256));
            try (Input.Reader reader = inputs.get(0).open(1, null, AS_OF)) {
                assertThat(reader.next(1).records().get(0).time())
                        .as("the manifest's instant, whatever else is said")
                        .isEqualTo(Instant.parse("2026-02-05T00:59:59.123456789Z"));
            }
        }
    }

    @Test
    void aManifestWithoutFilesHoldsForAllOfItsFolder() throws Exception {
        Files.writeString(folder.resolve("a.ndjson"), "");
        manifest("{\"asOf\": \"2026-02-05T00:00:00Z\"}");
        assertThat(at(folder).get(0).readAt()).contains(Instant.parse("2026-02-05T00:00:00Z"));
        assertThat(at(folder).get(0).promise()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                                       | asOf is missing; wanted when the source was read",
                "{\"asOf\": 5}                                            | asOf is 5; wanted",
                "{\"asOf\": \"yesterday\"}                                | asOf is \"yesterday\"; wanted",
                "{\"asOf\": \"2026-02-05T00:00:00Z\"                      | is not JSON",
                "{\"asOf\": \"2026-02-05T00:00:00Z\", \"files\": [{\"rows\": 1}]} | wanted a name",
                "{\"asOf\": \"2026-02-05T00:00:00Z\", \"files\": [{\"name\": \"a.ndjson\", \"rows\": \"1\"}]} | rows as a number",
                "{\"asOf\": \"2026-02-05T00:00:00Z\", \"files\": [{\"name\": \"a.ndjson\", \"sha256\": \"xyz\"}]} | 64 hexadecimal digits",
                "{\"asOf\": \"2026-02-05T00:00:00Z\", \"files\": [{\"name\": \"b.ndjson\"}]} | lists b.ndjson, which is not there"
            })
    void aManifestThatIsNoneIsRefused(String json, String said) throws Exception {
        Files.writeString(folder.resolve("a.ndjson"), "");
        manifest(json);
        assertThatThrownBy(() -> at(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("extract.json")
                .hasMessageContaining(said);
    }

    @Test
    void aFileThatItsManifestDoesNotListIsRefused() throws Exception {
        Files.writeString(folder.resolve("a.ndjson"), "");
        Files.writeString(folder.resolve("b.ndjson"), "");
        manifest("{\"asOf\": \"2026-02-05T00:00:00Z\", \"files\": [{\"name\": \"b.ndjson\"}]}");
        assertThatThrownBy(() -> at(folder.resolve("a.ndjson")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("extract.json does not list a.ndjson");
    }

    @Test
    void theOldestFileDecidesAndEachFileHasToSay() throws Exception {
        Files.writeString(folder.resolve("a.ndjson"), "");
        List<Input> silent = at(folder);
        Optional<Instant> given = Optional.of(AS_OF);
        assertThat(asOf(silent, given)).contains(AS_OF);
        assertThat(ExtractFiles.asOf(silent, Optional.empty(), given)).contains(AS_OF);
        assertThatThrownBy(() -> asOf(silent, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a.ndjson: nothing says when it was read")
                .hasMessageContaining("Give backfill.asOf (--as-of 2026-11-21T01:07:33Z)");
        manifest("{\"asOf\": \"2026-02-05T00:00:00Z\"}");
        assertThatThrownBy(() -> asOf(at(folder), given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("says that it was read at 2026-02-05T00:00:00Z, and backfill.asOf says " + AS_OF);
        List<Input> both = List.of(silent.get(0), at(folder).get(0));
        assertThat(ExtractFiles.asOf(both, Optional.empty(), given)).contains(Instant.parse("2026-02-05T00:00:00Z"));
    }

    @Test
    void csvIsReadByItsHeaderWithQuotesAndEmptyValues() throws Exception {
        String csv = "tx_id,amount,related_id\r\na,1.50,\r\n\"b \"\"x\"\", y\",2,\"o\n1\"\r\n지갑,3,o\r\n";
        Path plain = Files.writeString(folder.resolve("rows.csv"), csv);
        Path packed = Files.write(folder.resolve("rows.csv.zst"), Zstd.compress(csv.getBytes(StandardCharsets.UTF_8)));
        for (Path file : List.of(plain, packed)) {
            Input input = at(file).get(0);
            assertThat(read(input, 1, 2))
                    .containsExactly(
                            "1:{\"tx_id\":\"a\",\"amount\":\"1.50\"}",
                            "2:{\"tx_id\":\"b \\\"x\\\", y\",\"amount\":\"2\",\"related_id\":\"o\\n1\"}",
                            "3:{\"tx_id\":\"지갑\",\"amount\":\"3\",\"related_id\":\"o\"}");
            assertThat(read(input, 3, 10)).hasSize(1);
        }
    }

    @Test
    void csvThatIsNoneNamesTheRow() throws Exception {
        Path file = Files.writeString(folder.resolve("rows.csv"), "tx_id,amount\na,1\nb,2,3,4\n");
        assertThatThrownBy(() -> read(at(file).get(0), 1, 10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rows.csv is not CSV in UTF-8 after row 1: row 2 has 4 values");
    }

    @Test
    void standardInputIsReadOnceAndBeginsAgainWhereAChunkBegan() throws Exception {
        String rows = "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n";
        Input input = standardInput(rows);
        assertThatThrownBy(() -> standardInput(rows).open(2, null, AS_OF))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Standard input cannot be resumed at row 2");
        try (Input.Reader reader = input.open(1, null, AS_OF)) {
            reader.next(1);
            reader.next(1);
        }
        assertThat(read(input, 2, 1)).containsExactly("2:{\"b\":2}", "3:{\"c\":3}");
        assertThat(read(input, 1, 1)).containsExactly("1:{\"a\":1}", "2:{\"b\":2}", "3:{\"c\":3}");
    }

    private static Input standardInput(String rows) throws IOException {
        InputStream stream = new ByteArrayInputStream(rows.getBytes(StandardCharsets.UTF_8));
        return ExtractFiles.at(Path.of("-"), Entity.LEDGER_ENTRY, stream).get(0);
    }

    @Test
    void aQuoteThatNobodyClosesEndsTheReadingOfACsvBeforeItFillsTheMemory() throws Exception {
        Path file = folder.resolve("rows.csv");
        Files.writeString(file, "tx_id,amount\na,1\n\"b,2\n" + "x".repeat(17 << 20));
        assertThatThrownBy(() -> read(at(file).get(0), 1, 10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rows.csv is not CSV in UTF-8 after row 1")
                .hasMessageContaining("a row of more than 16,777,216 characters, perhaps since a quote is not closed");
    }
}
