package txlookup.schemacheck.lint;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import txlookup.schemacheck.lint.StatementRules.Broken;
import txlookup.schemacheck.observe.LockMode;
import txlookup.schemacheck.observe.ObservedStatement;
import txlookup.schemacheck.observe.Remark;
import txlookup.schemacheck.observe.ScratchStore;
import txlookup.schemacheck.revision.MigrationFile;
import txlookup.schemacheck.revision.MigrationFolder;
import txlookup.schemacheck.revision.ScriptStatement;

/**
 * Judges revisions by the rules of {@link LintRule}, each after those before it on a scratch store. A released revision is
 * only compared with what was released: it cannot be mended any more, and what follows from it holds for those after it.
 */
public final class MigrationLint {
    private static final int RELEASES_BEFORE_A_CONTRACT = 2;

    private final MigrationFolder folder;
    private final boolean releasedAsWell;
    private final Map<Integer, MigrationFile> expands = new HashMap<>();
    private final List<LintFinding> findings = new ArrayList<>();

    /** @param releasedAsWell whether released revisions are judged by all rules, to learn from them */
    public MigrationLint(MigrationFolder folder, boolean releasedAsWell) {
        this.folder = folder;
        this.releasedAsWell = releasedAsWell;
    }

    /** What is wrong with the folder's revisions, in the order of versions and lines; empty when nothing is. */
    public List<LintFinding> findings() {
        try (ScratchStore store = new ScratchStore(folder)) {
            runAll(store);
        } catch (SQLException e) {
            throw new IllegalStateException("The scratch store failed: " + e.getMessage(), e);
        }
        for (String missing : folder.missing()) {
            findings.add(edited(folder.path(missing), "it was released and is not here"));
        }
        return List.copyOf(findings);
    }

    void runAll(ScratchStore store) throws SQLException {
        for (MigrationFile file : folder.revisions()) {
            compareWithReleased(file);
            judge(file, store);
        }
    }

    private void compareWithReleased(MigrationFile file) {
        folder.released()
                .sha256(file.name())
                .filter(released -> !released.equals(file.sha256()))
                .ifPresent(released -> findings.add(
                        edited(file.path(), "sha256 is %s, released was %s".formatted(file.sha256(), released))));
    }

    private static LintFinding edited(String path, String what) {
        return new LintFinding(
                LintRule.EDITED_REVISION, path, 1, 1, "%s: %s".formatted(what, LintRule.EDITED_REVISION.why()));
    }

    private void judge(MigrationFile file, ScratchStore store) throws SQLException {
        List<ScriptStatement> statements;
        try {
            statements = file.statements();
        } catch (FlywayException e) {
            findings.add(LintFinding.at(LintRule.NOT_UNDERSTOOD, file, 1, 1, String.valueOf(e.getMessage())));
            return;
        }
        if (releasedAsWell || folder.released().sha256(file.name()).isEmpty()) {
            findings.addAll(judge(file, store.observe(statements)));
        } else {
            store.run(statements);
        }
        if (Intent.of(statements).expand()) {
            file.version().ifPresent(version -> expands.put(version, file));
        }
    }

    List<LintFinding> judge(MigrationFile file, List<ObservedStatement> seen) {
        List<ScriptStatement> statements =
                seen.stream().map(ObservedStatement::statement).toList();
        Intent intent = Intent.of(statements);
        Optional<String> tooSoon = tooSoon(file, intent);
        boolean oneTransaction = statements.stream().allMatch(ScriptStatement::inTransaction);
        boolean bounded = false;
        List<LintFinding> found = new ArrayList<>();
        for (ObservedStatement one : seen) {
            List<Broken> broken = new ArrayList<>(StatementRules.brokenBy(folder.set(), one));
            if (intent.isContract()) {
                broken.replaceAll(rule -> inContract(rule, tooSoon));
                broken.removeIf(rule -> rule.rule().isForContracts());
            }
            if (one.has(Remark.UNBOUNDED) && one.strongest() != LockMode.NONE && !bounded) {
                broken.add(new Broken(LintRule.MISSING_TIMEOUT, one.remarks().get(Remark.UNBOUNDED)));
                bounded = true;
            }
            if (!oneTransaction && one.statement().inTransaction()) {
                broken.add(new Broken(
                        LintRule.NOT_RESUMABLE,
                        "a statement that needs a transaction, in a file that runs without one"));
            }
            Suppressions suppressions = new Suppressions(file, one.statement().comments());
            broken.removeIf(rule -> suppressions.allows(rule.rule()));
            broken.forEach(rule -> found.add(LintFinding.at(
                    rule.rule(), file, one.statement().line(), one.statement().column(), rule.what())));
            found.addAll(suppressions.faults());
        }
        return found;
    }

    /** What a contract that comes in time may do stays as it is, to be taken out. */
    private static Broken inContract(Broken broken, Optional<String> tooSoon) {
        return broken.rule().isForContracts() && tooSoon.isPresent()
                ? new Broken(LintRule.CONTRACT_TOO_SOON, broken.what() + ", " + tooSoon.get())
                : broken;
    }

    private Optional<String> tooSoon(MigrationFile file, Intent intent) {
        for (int version : intent.contracts()) {
            MigrationFile expand = expands.get(version);
            if (expand == null) {
                return Optional.of("and V%d declares no expand".formatted(version));
            }
            int between = folder.released().releasesBetween(expand.name(), file.name());
            if (between < RELEASES_BEFORE_A_CONTRACT) {
                return Optional.of("%d releases after V%d, and %d are needed"
                        .formatted(between, version, RELEASES_BEFORE_A_CONTRACT));
            }
        }
        return Optional.empty();
    }
}
