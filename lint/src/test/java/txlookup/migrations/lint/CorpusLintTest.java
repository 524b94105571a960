package txlookup.migrations.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The lint finds what is unsafe in the corpus, all of it and by the right rule, and nothing in what is safe. */
class CorpusLintTest {
    static Stream<CorpusFile> corpus() {
        return CorpusFile.all();
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void eachFileIsFoundByItsRulesAndByNoOther(CorpusFile file) {
        Set<String> found = new MigrationLint(file.folderWithStore(), false)
                .findings().stream().map(finding -> finding.rule().id()).collect(Collectors.toCollection(TreeSet::new));

        assertThat(found).as(file.sql()).isEqualTo(file.rules());
        assertThat(found.isEmpty())
                .as("only what is labelled safe passes")
                .isEqualTo(file.label().equals("safe"));
    }

    @Test
    void everyRuleHasAnExampleThatItFinds() {
        Set<String> shown =
                CorpusFile.all().flatMap(file -> file.rules().stream()).collect(Collectors.toSet());

        assertThat(Stream.of(LintRule.values()).map(LintRule::id))
                .filteredOn(rule -> !rule.equals(LintRule.EDITED_REVISION.id()))
                .allMatch(shown::contains);
        assertThat(CorpusFile.all()).hasSizeGreaterThanOrEqualTo(120);
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void whatWorksLongUnderALockThatKeepsOthersWaitingIsAlwaysABrokenRule(CorpusFile file) {
        for (Revision.Step step : file.read().steps()) {
            assertThat(step.existing())
                    .filteredOn(change ->
                            change.lock().blocksWriters() && change.work().growsWithTheTable())
                    .allMatch(change -> change.rule() != null);
        }
    }
}
