package txlookup.azure.kept;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.apply.model.Entity;
import txlookup.azure.blob.Azurite;
import txlookup.azure.blob.BlobExtracts;
import txlookup.azure.blob.BlobFolder;
import txlookup.backfill.source.Chunk;
import txlookup.backfill.source.ExtractFiles;
import txlookup.backfill.source.Input;
import txlookup.local.testing.TestSecrets;
import txlookup.rebuild.evidence.Bundle;
import txlookup.rebuild.evidence.EvidenceChain;
import txlookup.rebuild.evidence.Journal;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

/** What outlives an environment, on Azurite: evidence, journals, progress and extracts. */
@Tag("nightly")
class KeptIT {
    private static final Instant NOW = Instant.parse("2026-11-21T01:07:33Z");

    @TempDir
    private static Path data;

    @TempDir
    private Path folder;

    private static Azurite azurite;

    @BeforeAll
    static void start() {
        azurite = Azurite.start(data, "kept", TestSecrets.keep(Azurite.keyOfThisProcess()));
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Test
    void aChainThatIsKeptIsTheSameOnAnotherDiskAndGoesOnThere() throws Exception {
        BlobFolder blobs = container("evidence1");
        Path first = folder.resolve("first");
        append(first, "20261121010733");
        new KeptEvidence(blobs, first).keep();
        new KeptEvidence(blobs, first).keep();

        Path second = folder.resolve("second");
        KeptEvidence there = new KeptEvidence(blobs, second);
        there.fetch();
        assertThat(new EvidenceChain(second).verify()).isEmpty();
        assertThat(new EvidenceChain(second).head()).isEqualTo(new EvidenceChain(first).head());
        append(second, "20261121020733");
        there.keep();

        KeptEvidence again = new KeptEvidence(blobs, first);
        again.fetch();
        assertThat(new EvidenceChain(first).verify()).isEmpty();
        assertThat(new EvidenceChain(first).list())
                .extracting(EvidenceChain.Listed::name)
                .containsExactly("20261121010733", "20261121020733");
    }

    @Test
    void ofTwoThatGoOnFromTheSameLineTheLaterOneIsRefused() throws Exception {
        BlobFolder blobs = container("evidence2");
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        append(first, "20261121010733");
        append(second, "20261121010734");
        new KeptEvidence(blobs, first).keep();
        assertThatThrownBy(() -> new KeptEvidence(blobs, second).keep())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chain/000001", "somebody else wrote it meanwhile");
    }

    @Test
    void theJournalOfTheNewestRebuildIsTheOneThatGoesOn() throws Exception {
        BlobFolder blobs = container("journals");
        Path here = folder.resolve("rebuild.json");
        Path there = folder.resolve("there/rebuild.json");
        KeptEvidence kept = new KeptEvidence(blobs, folder.resolve("evidence"));
        kept.fetchJournal(there);
        assertThat(there).doesNotExist();

        Journal open = Journal.begin(NOW, Optional.empty());
        open.write(here);
        kept.keepJournal(here);
        kept.fetchJournal(there);
        assertThat(Journal.read(there)).hasValue(open);

        Journal decided = new Journal(open.generation(), open.cutover(), "NO_GO");
        decided.write(here);
        kept.keepJournal(here);
        kept.fetchJournal(there);
        assertThat(Journal.read(there)).hasValue(decided);

        Journal next = Journal.begin(NOW.plusSeconds(60), Optional.of(decided));
        next.write(here);
        kept.keepJournal(here);
        kept.fetchJournal(there);
        assertThat(Journal.read(there)).hasValue(next);
    }

    @Test
    void aRunTellsItsLinesAndItsEndAndTheNewestOneIsKnown() throws Exception {
        BlobFolder blobs = container("runs");
        assertThat(RunLog.newest(blobs)).isEmpty();
        RunLog older = new RunLog(blobs, "team4-tx-in-kim-d-zzz");
        older.begin(new RunLog.Begun(NOW, List.of("env", "recreate")));
        RunLog newer = new RunLog(blobs, "team4-tx-in-kim-d-aaa");
        newer.begin(new RunLog.Begun(NOW.plusSeconds(1), List.of("audit", "export")));
        assertThat(RunLog.newest(blobs)).hasValue("team4-tx-in-kim-d-aaa");

        assertThat(newer.told()).isEmpty();
        newer.tell("one\ntw");
        assertThat(newer.told()).isEqualTo("one\n");
        newer.tell("o\n");
        assertThat(newer.told()).isEqualTo("one\ntwo\n");
        assertThat(newer.exitCode()).isEmpty();
        newer.end(3);
        newer.end(0);
        assertThat(newer.exitCode()).as("the first end holds").hasValue(3);
    }

    @Test
    void anExtractIsCopiedOnceAndReadFromThereAsItIsReadHere() throws Exception {
        Extract extract = Extract.write(
                new Payments(1, NOW, 500), 0, 500, Files.createDirectories(folder.resolve("extract")), true, NOW);
        BlobFolder blobs = container("extracts");
        List<String> told = new ArrayList<>();
        String file =
                new ExtractUpload(blobs, told::add).run(extract.ledgerEntries().toString());
        String whole = new ExtractUpload(blobs, told::add)
                .run(folder.resolve("extract").toString());
        new ExtractUpload(blobs, told::add).run(extract.ledgerEntries().toString());
        assertThat(told).anyMatch(line -> line.startsWith("copied ledger-entries"));
        assertThat(told.get(told.size() - 1)).startsWith("already there: ");

        List<Input> here = ExtractFiles.at(extract.ledgerEntries(), Entity.LEDGER_ENTRY, InputStream.nullInputStream());
        BlobFolder copied = azurite.folder("extracts/" + folderOf(file));
        List<Input> there = ExtractFiles.in(
                BlobExtracts.of(copied),
                Optional.of(extract.ledgerEntries().getFileName().toString()),
                Entity.LEDGER_ENTRY);
        assertThat(there).singleElement().satisfies(input -> {
            assertThat(input.name()).isEqualTo(file);
            assertThat(input.readAt()).isEqualTo(here.get(0).readAt()).isPresent();
            assertThat(input.promise().orElseThrow().sha256())
                    .isEqualTo(here.get(0).promise().orElseThrow().sha256());
            assertThat(input.size()).isEqualTo(here.get(0).size());
        });
        assertThat(rows(there.get(0), 1)).isEqualTo(rows(here.get(0), 1)).isNotEmpty();
        assertThat(rows(there.get(0), 300)).as("resumed").isEqualTo(rows(here.get(0), 300));
        assertThat(ExtractFiles.in(
                        BlobExtracts.of(azurite.folder("extracts/" + folderOf(whole + "/"))),
                        Optional.empty(),
                        Entity.LEDGER_ENTRY))
                .as("a folder's files, without its manifest")
                .hasSize(2);
        assertThatThrownBy(() -> ExtractFiles.in(
                        BlobExtracts.of(azurite.folder("extracts/none")), Optional.empty(), Entity.LEDGER_ENTRY))
                .hasMessageContaining("holds no extract");
    }

    private static String folderOf(String address) {
        String[] parts = address.split("/", -1);
        return parts[parts.length - 2];
    }

    private static List<String> rows(Input input, long from) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Input.Reader reader = input.open(from, null, NOW)) {
            Chunk chunk;
            do {
                chunk = reader.next(100);
                chunk.records()
                        .forEach(record -> rows.add(record.position() + " " + new String(record.value(), UTF_8)));
            } while (!chunk.last());
        }
        return rows;
    }

    private static BlobFolder container(String name) throws IOException {
        BlobFolder blobs = azurite.folder(name);
        blobs.make();
        return blobs;
    }

    private static void append(Path evidence, String name) throws IOException {
        new EvidenceChain(evidence)
                .append(
                        name,
                        new Bundle.Draft("rebuild", "generation " + name, "GO")
                                .add("at", Map.of("at", NOW.toString())));
    }
}
