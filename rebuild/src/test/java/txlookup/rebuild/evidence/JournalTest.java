package txlookup.rebuild.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.steps.StepFailure;

class JournalTest {
    private static final Instant NOW = Instant.parse("2026-11-21T01:07:33.987654Z");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("made/when/needed/rebuild.json");
    }

    @Test
    void isEmptyWhereNoneWasBegun() throws Exception {
        assertThat(Journal.read(file)).isEmpty();
    }

    @Test
    void theCutoverIsTheSecondThatTheGenerationSays() {
        Journal journal = Journal.begin(NOW, Optional.empty());

        assertThat(journal.generation()).isEqualTo(20261121010733L);
        assertThat(journal.cutover()).isEqualTo(Instant.parse("2026-11-21T01:07:33Z"));
        assertThat(journal.isOpen()).isTrue();
    }

    @Test
    void comesBackAsItWasWritten() throws Exception {
        Journal open = Journal.begin(NOW, Optional.empty());
        open.write(file);
        assertThat(Journal.read(file)).contains(open);

        Journal decided = open.decided(Decision.go(List.of()));
        decided.write(file);
        assertThat(Journal.read(file)).contains(decided);
    }

    @Test
    void isOpenUntilItIsDecidedEitherWay() {
        Journal journal = Journal.begin(NOW, Optional.empty());
        StepFailure failure = new StepFailure(FailureCause.SYNC_FAILED, "seen", "do", null);

        assertThat(journal.decided(Decision.go(List.of())))
                .isEqualTo(new Journal(journal.generation(), journal.cutover(), "GO"))
                .matches(decided -> !decided.isOpen());
        assertThat(journal.decided(Decision.noGo(List.of(), failure, "owner", NOW)))
                .isEqualTo(new Journal(journal.generation(), journal.cutover(), "NO_GO"))
                .matches(decided -> !decided.isOpen());
    }

    @Test
    void whatAKilledWriterLeftHalfWrittenIsNeitherReadNorInTheWay() throws Exception {
        Journal journal = Journal.begin(NOW, Optional.empty());
        journal.write(file);
        Path part = file.resolveSibling("rebuild.json.part");
        Files.writeString(part, "{\"generation\":2026");

        assertThat(Journal.read(file)).contains(journal);
        journal.decided(Decision.go(List.of())).write(file);
        assertThat(Journal.read(file).orElseThrow().verdict()).isEqualTo("GO");
        assertThat(part).doesNotExist();
    }
}
