package txlookup.schemacheck.observe;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import txlookup.schemacheck.observe.LockQueue.Waited;
import txlookup.schemacheck.revision.ScriptStatement;

/** Compares the scratch store before and after each statement of one revision. */
final class RevisionObserver implements AutoCloseable {
    private static final long NAMED_ROWS = 10;
    private static final Set<String> DATA = Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "SELECT");

    private final Connection connection;
    private final ScratchSession session;
    private final String ownSchema;
    private final int pid;
    private final PreparedStatement objects;
    private final PreparedStatement activity;
    private final Catalog start;
    private Catalog now;

    RevisionObserver(Connection connection, ScratchSession session, String ownSchema, int pid) throws SQLException {
        this.connection = connection;
        this.session = session;
        this.ownSchema = ownSchema;
        this.pid = pid;
        this.objects = connection.prepareStatement(Catalog.OBJECTS);
        this.activity = connection.prepareStatement(Activity.OF_A_SESSION);
        this.start = Catalog.read(objects, ownSchema);
        this.now = start;
    }

    ObservedStatement inTransaction(ScriptStatement statement) throws SQLException {
        Catalog before = now;
        Activity idle = Activity.of(activity, pid);
        // CREATE TABLE AS may delete what it keeps.
        boolean planned = DATA.contains(statement.word()) || statement.word().equals("CREATE");
        Set<String> inBulk =
                planned ? WritePlan.changedWithoutAKey(connection, statement.sql(), before, ownSchema) : Set.of();
        Map<Remark, String> remarks = session.execute(statement);
        if (!statement.word().equals("COMMENT")) {
            now = Catalog.read(objects, ownSchema);
        }
        Activity done = Activity.of(activity, pid);
        List<TableUse> tables = new ArrayList<>();
        start.relations().forEach((oid, table) -> {
            boolean bulk = inBulk.contains(table.name()) || done.writtenSince(idle, oid) > NAMED_ROWS;
            Work work = bulk ? Work.BULK_WRITE : work(statement, oid, before, idle, done);
            LockMode lock = done.lock(oid);
            if (lock != LockMode.NONE || work != Work.CATALOGUE) {
                tables.add(new TableUse(table.name(), lock, lock.compareTo(idle.lock(oid)) > 0, work));
            }
        });
        if (done.calls() > idle.calls() && DATA.contains(statement.word())) {
            remarks.put(Remark.RUNS_A_FUNCTION, "it runs a function of the schema");
        }
        if (!done.bounded()) {
            remarks.put(Remark.UNBOUNDED, "no timeout is set");
        }
        return new ObservedStatement(statement, before.changesTo(now, start), tables, remarks);
    }

    private Work work(ScriptStatement statement, long table, Catalog before, Activity idle, Activity done) {
        if (before.isRewrittenIn(now, table)) {
            // By its storage an emptied table is a rewritten one.
            return statement.word().equals("TRUNCATE") ? Work.TRUNCATION : Work.REWRITE;
        }
        if (done.scannedSince(idle, table)) {
            return Work.SCAN;
        }
        boolean writes = DATA.contains(statement.word()) && done.lock(table) == LockMode.ROW_EXCLUSIVE;
        return writes ? Work.NAMED_ROWS : Work.CATALOGUE;
    }

    /** Runs a statement in no transaction, and again, as after a kill. */
    ObservedStatement outside(ScriptStatement statement, Connection holder) throws SQLException {
        Catalog before = now;
        List<String> tables = before.relations().values().stream()
                .filter(table -> table.kind() == ObjectKind.TABLE)
                .map(this::inSql)
                .toList();
        Waited<Map<Remark, String>> waited = LockQueue.run(holder, tables, pid, () -> session.execute(statement));
        Map<Remark, String> remarks = waited.result();
        now = Catalog.read(objects, ownSchema);
        if (!remarks.containsKey(Remark.FAILS)) {
            String again = session.execute(statement).get(Remark.FAILS);
            if (again != null) {
                remarks.put(Remark.FAILS_AGAIN, again);
            }
        }
        Work usual = statement.word().equals("DROP") ? Work.CATALOGUE : Work.SCAN;
        List<TableUse> used = new ArrayList<>();
        start.relations().forEach((oid, table) -> {
            LockMode lock = waited.locks().getOrDefault(oid, LockMode.NONE);
            boolean rewritten = before.isRewrittenIn(now, oid);
            if (lock != LockMode.NONE || rewritten) {
                used.add(new TableUse(table.name(), lock, true, rewritten ? Work.REWRITE : usual));
            }
        });
        return new ObservedStatement(statement, before.changesTo(now, start), used, remarks);
    }

    private String inSql(CatalogObject table) {
        String name = table.name().contains(".") ? table.name() : ownSchema + "." + table.name();
        return name.replaceFirst("\\.(.*)", ".\"$1\"");
    }

    @Override
    public void close() throws SQLException {
        objects.close();
        activity.close();
    }
}
