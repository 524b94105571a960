package txlookup.schemacheck.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import txlookup.schemacheck.observe.ScratchStore;
import txlookup.schemacheck.revision.MigrationFolder;
import txlookup.schemacheck.revision.RevisionSet;
import txlookup.schemacheck.revision.ScriptStatement;

/** The lint finds what is unsafe in the corpus, all of it and by the right rule, and nothing in what is safe. */
class CorpusLintIT {
    private static final Map<RevisionSet, MigrationLint> LINTS = new EnumMap<>(RevisionSet.class);
    private static final Map<RevisionSet, ScratchStore> STORES = new EnumMap<>(RevisionSet.class);

    @BeforeAll
    static void makeTheStores() throws SQLException {
        for (RevisionSet set : RevisionSet.values()) {
            MigrationFolder released = CorpusFile.folder(set, List.of());
            LINTS.put(set, new MigrationLint(released, false));
            STORES.put(set, new ScratchStore(released));
            LINTS.get(set).runAll(STORES.get(set));
        }
    }

    @AfterAll
    static void dropThem() throws SQLException {
        for (ScratchStore store : STORES.values()) {
            store.close();
        }
    }

    static Stream<CorpusFile> corpus() {
        return CorpusFile.all();
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void eachFileIsFoundByItsRulesAndByNoOther(CorpusFile file) throws SQLException {
        Set<String> found = findings(file).stream()
                .map(finding -> finding.rule().id())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(found).as(file.sql()).isEqualTo(file.rules());
        assertThat(found.isEmpty())
                .as("only what is labelled safe passes")
                .isEqualTo(file.label().equals("safe"));
    }

    /** One that runs in a transaction is taken back, another one needs a store of its own. */
    private static List<LintFinding> findings(CorpusFile file) throws SQLException {
        List<ScriptStatement> statements = file.statements();
        if (!statements.stream().allMatch(ScriptStatement::inTransaction)) {
            return new MigrationLint(file.folderWithStore(), false).findings();
        }
        return LINTS.get(file.set())
                .judge(file.revision(), STORES.get(file.set()).tryOut(statements));
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
}
