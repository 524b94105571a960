package txlookup.rebuild.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.apply.model.Entity;
import txlookup.backfill.source.Input;
import txlookup.traffic.Extract;
import txlookup.traffic.Payments;

class KeptExtractTest {
    private static final Instant READ_AT = Instant.parse("2026-11-21T01:07:33Z");

    @TempDir
    Path root;

    private LocalFolders folders;

    @BeforeEach
    void nameTheFolder() {
        folders = new LocalFolders(root);
    }

    @Test
    void aLaterGenerationLoadsTheSameFilesAsOfTheInstantOfTheirReading() throws Exception {
        Extract.write(new Payments(1, READ_AT, 10), 0, 10, folders.extract(20261121010733L), true, READ_AT);

        KeptExtract kept = KeptExtract.newest(folders.extracts()).orElseThrow();

        assertThat(kept.asOf()).isEqualTo(READ_AT);
        assertThat(kept.inputs()).extracting(Input::entity).containsExactly(Entity.LEDGER_ENTRY, Entity.PAYMENT_ORDER);
        assertThat(kept.inputs()).allSatisfy(input -> assertThat(input.readAt()).contains(READ_AT));
    }

    @Test
    void theNewestIsTakenAndOneWithoutItsManifestIsNone() throws Exception {
        KeptExtract.ofNothing(folders.extract(20261121010733L), READ_AT);
        KeptExtract.ofNothing(folders.extract(20261122010733L), READ_AT.plusSeconds(86_400));
        Files.createDirectories(folders.extract(20261123010733L));

        assertThat(KeptExtract.newest(folders.extracts()))
                .contains(new KeptExtract(folders.extract(20261122010733L), READ_AT.plusSeconds(86_400)));
    }

    @Test
    void ofAGenerationThatBeganEmptyThereIsNothingToLoadAndTheInstantFromWhichTheLogIsRead() throws Exception {
        KeptExtract.ofNothing(folders.extract(20261121010733L), READ_AT);
        KeptExtract.ofNothing(folders.extract(20261121010733L), READ_AT.plusSeconds(1));

        KeptExtract kept = KeptExtract.newest(folders.extracts()).orElseThrow();

        assertThat(kept.asOf()).isEqualTo(READ_AT);
        assertThat(kept.inputs()).isEmpty();
    }

    @Test
    void withoutAnyThereIsNoneAndAManifestThatSaysNothingIsRefusedByName() throws Exception {
        assertThat(KeptExtract.newest(folders.extracts())).isEmpty();

        Path folder = Files.createDirectories(folders.extract(20261121010733L));
        Files.writeString(folder.resolve(Extract.MANIFEST), "{}");

        assertThatThrownBy(() -> KeptExtract.newest(folders.extracts()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder.resolve(Extract.MANIFEST).toString());
    }
}
