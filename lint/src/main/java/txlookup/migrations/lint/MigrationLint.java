package txlookup.migrations.lint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.migrations.lint.sql.SqlSyntaxException;
import txlookup.migrations.lint.statement.Change;
import txlookup.migrations.lint.statement.LockMode;
import txlookup.migrations.lint.statement.SchemaHistory;

/**
 * Judges revisions by the rules of {@link LintRule}. A released revision is only compared with what was released: it cannot be
 * mended any more, and what follows from it holds for those after it.
 */
public final class MigrationLint {
    private static final int RELEASES_BEFORE_A_CONTRACT = 2;

    private final MigrationFolder folder;
    private final boolean releasedAsWell;
    private final SchemaHistory history;
    private final Map<Integer, Revision> read = new HashMap<>();
    private final List<LintFinding> findings = new ArrayList<>();

    /** @param releasedAsWell whether released revisions are judged by all rules, to learn from them */
    public MigrationLint(MigrationFolder folder, boolean releasedAsWell) {
        this.folder = folder;
        this.history = SchemaHistory.of(folder.set());
        this.releasedAsWell = releasedAsWell;
    }

    /** What is wrong with the folder's revisions, in the order of versions and lines; empty when nothing is. */
    public List<LintFinding> findings() {
        for (MigrationFile file : folder.revisions()) {
            Optional<String> released = folder.released().sha256(file.name());
            if (released.isPresent() && !released.get().equals(file.sha256())) {
                findings.add(new LintFinding(
                        LintRule.EDITED_REVISION,
                        file.path(),
                        1,
                        1,
                        "sha256 is %s, released was %s: %s"
                                .formatted(file.sha256(), released.get(), LintRule.EDITED_REVISION.why())));
            }
            judge(file, released.isEmpty() || releasedAsWell);
        }
        for (String missing : folder.missing()) {
            findings.add(new LintFinding(
                    LintRule.EDITED_REVISION,
                    folder.path(missing),
                    1,
                    1,
                    "it was released and is not here: " + LintRule.EDITED_REVISION.why()));
        }
        return List.copyOf(findings);
    }

    private void judge(MigrationFile file, boolean byAllRules) {
        Revision revision;
        try {
            revision = Revision.read(file, history);
        } catch (SqlSyntaxException e) {
            findings.add(new LintFinding(LintRule.NOT_UNDERSTOOD, file.path(), e.line(), e.column(), e.getMessage()));
            return;
        }
        file.version().ifPresent(version -> read.put(version, revision));
        if (byAllRules) {
            List<LintFinding> found = new ArrayList<>();
            judge(revision, found);
            found.sort(Comparator.comparingInt(LintFinding::line).thenComparingInt(LintFinding::column));
            findings.addAll(found);
        }
    }

    private void judge(Revision revision, List<LintFinding> found) {
        Optional<String> tooSoon = tooSoon(revision);
        boolean bounded = folder.boundsLocks() || boundsLocks(revision);
        boolean mixed =
                !revision.isOneTransaction() && revision.steps().stream().anyMatch(Revision.Step::isInTransaction);
        LockMode held = LockMode.NONE;
        for (Revision.Step step : revision.steps()) {
            held = held.compareTo(step.strongest()) >= 0 ? held : step.strongest();
            Suppressions suppressions =
                    new Suppressions(revision.file(), step.statement().comments());
            for (Change change : step.changes()) {
                boolean existing = step.existing().contains(change);
                broken(change, existing, revision, tooSoon, held)
                        .filter(rule -> !suppressions.allows(rule))
                        .ifPresent(rule -> found.add(finding(rule, revision, change, tooSoon)));
            }
            if (!bounded
                    && step.isInTransaction()
                    && step.strongest() != LockMode.NONE
                    && !suppressions.allows(LintRule.MISSING_TIMEOUT)) {
                found.add(LintFinding.at(
                        LintRule.MISSING_TIMEOUT,
                        revision.file(),
                        step.statement().first(),
                        "no timeout is set"));
                bounded = true;
            }
            if (mixed && step.isInTransaction()) {
                found.add(LintFinding.at(
                        LintRule.NOT_RESUMABLE,
                        revision.file(),
                        step.statement().first(),
                        "a statement that needs a transaction, in a file that runs without one"));
            }
            found.addAll(suppressions.faults());
        }
    }

    private static Optional<LintRule> broken(
            Change change, boolean existing, Revision revision, Optional<String> tooSoon, LockMode held) {
        LintRule rule = change.rule();
        if (rule != null && (existing || change.table().isEmpty() || rule.isForNewTables())) {
            if (!rule.isForContracts() || !revision.intent().isContract()) {
                return Optional.of(rule);
            }
            return tooSoon.map(why -> LintRule.CONTRACT_TOO_SOON);
        }
        boolean waitedFor = existing && revision.isOneTransaction() && held.blocksWriters();
        return waitedFor && change.work().growsWithTheTable()
                ? Optional.of(LintRule.WORK_UNDER_LOCK)
                : Optional.empty();
    }

    private static LintFinding finding(LintRule rule, Revision revision, Change change, Optional<String> tooSoon) {
        String what = change.table().isEmpty() ? change.what() : change.what() + " on " + change.table();
        return LintFinding.at(
                rule,
                revision.file(),
                change.at(),
                rule == LintRule.CONTRACT_TOO_SOON ? what + ", " + tooSoon.orElse("") : what);
    }

    private Optional<String> tooSoon(Revision revision) {
        for (int version : revision.intent().contracts()) {
            Revision expand = read.get(version);
            if (expand == null || !expand.intent().expand()) {
                return Optional.of("and V%d declares no expand".formatted(version));
            }
            int between = folder.released()
                    .releasesBetween(expand.file().name(), revision.file().name());
            if (between < RELEASES_BEFORE_A_CONTRACT) {
                return Optional.of("%d releases after V%d, and %d are needed"
                        .formatted(between, version, RELEASES_BEFORE_A_CONTRACT));
            }
        }
        return Optional.empty();
    }

    private static boolean boundsLocks(Revision revision) {
        return MigrationFolder.bounds(revision.file().sql());
    }
}
