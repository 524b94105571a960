package txlookup.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractTest {
    private static final long FROM = 10;
    private static final long TO = 3000;

    private final Payments payments = new Payments(1, Instant.parse("2026-11-21T01:07:33Z"), TO);

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void nameTheFolder() {
        folder = temporary.resolve("made/when/needed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void holdsTheStateOfEachPaymentAndNothingElse(boolean compressed) throws Exception {
        Extract extract = Extract.write(payments, FROM, TO, folder, compressed);

        assertThat(lines(extract.ledgerEntries())).isEqualTo(state(Event.Kind.LEDGER_ENTRY));
        assertThat(lines(extract.paymentOrders())).isEqualTo(state(Event.Kind.PAYMENT_ORDER));
        assertThat(extract.ledgerEntries().toString().endsWith(".gz")).isEqualTo(compressed);
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(extract.ledgerEntries(), extract.paymentOrders());
        }
    }

    @Test
    void aManifestSaysWhenItWasReadAndWhatIsInEachFile() throws Exception {
        Instant readAt = Instant.parse("2026-02-05T01:00:00.5Z");
        Extract extract = Extract.write(payments, FROM, TO, folder, true, readAt);

        assertThat(Files.readString(folder.resolve("extract.json"))).isEqualTo("""
                {
                  "asOf": "2026-02-05T01:00:00.500Z",
                  "files": [
                    {"name": "ledger-entries.ndjson.gz", "rows": %d, "sha256": "%s"},
                    {"name": "payment-orders.ndjson.gz", "rows": %d, "sha256": "%s"}
                  ]
                }
                """.formatted(
                        state(Event.Kind.LEDGER_ENTRY).size(),
                        sha256(extract.ledgerEntries()),
                        state(Event.Kind.PAYMENT_ORDER).size(),
                        sha256(extract.paymentOrders())));

        Extract.write(payments, FROM, FROM, folder, true);
        assertThat(folder.resolve("extract.json"))
                .as("it described other files")
                .doesNotExist();
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void anExtractOfNothingIsThereAndEmpty() throws Exception {
        Extract extract = Extract.write(payments, FROM, FROM, folder, true);

        assertThat(lines(extract.ledgerEntries())).isEmpty();
        assertThat(lines(extract.paymentOrders())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ledger-entries", "payment-orders"})
    void aFileIsNotThereWhenTheDiskFillsUpMeanwhile(String file) throws Exception {
        Path alwaysFull = Path.of("/dev/full");
        assumeTrue(Files.exists(alwaysFull), "a disk that is full is needed");
        Files.createDirectories(folder);
        Path part = Files.createSymbolicLink(folder.resolve(file + ".ndjson.part"), alwaysFull);

        assertThatIOException().isThrownBy(() -> Extract.write(payments, FROM, TO, folder, false));

        Files.delete(part);
        assertThat(folder.resolve("ledger-entries.ndjson")).doesNotExist();
        assertThat(folder.resolve("payment-orders.ndjson")).doesNotExist();
    }

    @Test
    void whatAKilledWriterLeftIsNotInTheWay() throws Exception {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("ledger-entries.ndjson.gz.part"), "half".repeat(1_000_000));

        Extract extract = Extract.write(payments, FROM, TO, folder, true);

        assertThat(lines(extract.ledgerEntries())).isEqualTo(state(Event.Kind.LEDGER_ENTRY));
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    private List<String> state(Event.Kind kind) {
        return LongStream.range(FROM, TO)
                .mapToObj(payments::state)
                .flatMap(state -> Seen.of(state).stream())
                .filter(seen -> seen.kind() == kind)
                .map(Seen::json)
                .toList();
    }

    private static List<String> lines(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file);
                InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
