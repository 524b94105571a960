package txlookup.schemacheck.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import txlookup.schemacheck.observe.LockMode;
import txlookup.schemacheck.observe.ObservedStatement;
import txlookup.schemacheck.observe.Remark;
import txlookup.schemacheck.observe.ScratchStore;
import txlookup.schemacheck.observe.TableUse;
import txlookup.schemacheck.observe.Work;
import txlookup.schemacheck.revision.MigrationFile;
import txlookup.schemacheck.revision.MigrationFolder;
import txlookup.schemacheck.revision.ScriptStatement;

/**
 * What revisions will do when they run: statement by statement, with the locks that each takes on tables that are there by
 * then, and the work under them. A scratch store that stands where the database stands has run them.
 *
 * @param revisions in the order in which they will run
 */
public record MigrationPlan(List<PlannedRevision> revisions) {
    public MigrationPlan {
        revisions = List.copyOf(revisions);
    }

    /**
     * One revision.
     *
     * @param inTransaction whether it is all or nothing; where it is not, it can be run again from its start
     */
    public record PlannedRevision(String file, boolean inTransaction, List<PlannedStatement> statements) {
        /** The strongest lock on a table that is there already. */
        public LockMode strongest() {
            return statements.stream()
                    .flatMap(statement -> statement.tables().stream())
                    .map(TableUse::lock)
                    .max(LockMode::compareTo)
                    .orElse(LockMode.NONE);
        }
    }

    /**
     * One statement.
     *
     * @param beginning its first words
     * @param tables that are there already and that it locks or works through
     * @param unknown whether it does something that a scratch store does not show
     */
    public record PlannedStatement(int line, String beginning, List<TableUse> tables, boolean unknown) {}

    /**
     * The plan of a folder's revisions after that version.
     *
     * @param schema the schema that they will run in
     * @param current the version that the database is at; null for an empty one, where nobody can be waiting
     * @throws IllegalStateException when the scratch store fails
     */
    public static MigrationPlan of(MigrationFolder folder, String schema, @Nullable String current) {
        int from = Integer.parseInt(Objects.requireNonNullElse(current, "0"));
        List<MigrationFile> next = folder.revisions().stream()
                .filter(file -> file.version().orElse(Integer.MAX_VALUE) > from)
                .toList();
        if (current == null || next.isEmpty()) {
            return new MigrationPlan(next.stream()
                    .map(file -> new PlannedRevision(file.name(), isOneTransaction(file.statements()), List.of()))
                    .toList());
        }
        List<PlannedRevision> planned = new ArrayList<>();
        try (ScratchStore store = new ScratchStore(folder, schema)) {
            for (MigrationFile file : folder.revisions()) {
                if (next.contains(file)) {
                    List<PlannedStatement> statements = store.observe(file.statements()).stream()
                            .map(MigrationPlan::statement)
                            .toList();
                    planned.add(new PlannedRevision(file.name(), isOneTransaction(file.statements()), statements));
                } else {
                    store.run(file.statements());
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The scratch store failed: " + e.getMessage(), e);
        }
        return new MigrationPlan(planned);
    }

    private static boolean isOneTransaction(List<ScriptStatement> statements) {
        return statements.stream().allMatch(ScriptStatement::inTransaction);
    }

    private static PlannedStatement statement(ObservedStatement seen) {
        return new PlannedStatement(
                seen.statement().line(),
                seen.statement().beginning(),
                seen.tables().stream()
                        .filter(use -> use.locked() || use.work() != Work.CATALOGUE)
                        .toList(),
                seen.has(Remark.FAILS) || seen.has(Remark.RUNS_A_FUNCTION));
    }
}
