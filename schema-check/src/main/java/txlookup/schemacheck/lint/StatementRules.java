package txlookup.schemacheck.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import txlookup.schemacheck.observe.CatalogChange;
import txlookup.schemacheck.observe.CatalogObject;
import txlookup.schemacheck.observe.LockMode;
import txlookup.schemacheck.observe.ObjectKind;
import txlookup.schemacheck.observe.ObservedStatement;
import txlookup.schemacheck.observe.Remark;
import txlookup.schemacheck.observe.TableUse;
import txlookup.schemacheck.observe.Work;
import txlookup.schemacheck.revision.RevisionSet;
import txlookup.schemacheck.revision.ScriptStatement;

/** Which rules one statement breaks, by what PostgreSQL says that it did. */
final class StatementRules {
    private static final Set<ObjectKind> ONLY_IN_THE_CONTROL_SET = Set.of(
            ObjectKind.VIEW,
            ObjectKind.MATERIALIZED_VIEW,
            ObjectKind.SEQUENCE,
            ObjectKind.TRIGGER,
            ObjectKind.RULE,
            ObjectKind.FUNCTION,
            ObjectKind.TYPE);
    /** What PostgreSQL refuses because of another object, it refuses with these words; the rule holds all the same. */
    private static final Map<String, LintRule> REFUSALS = Map.of(
            "cannot alter type of a column", LintRule.TYPE_CHANGE,
            "could not change table", LintRule.REWRITES_TABLE);
    /** Both make the same catalogue; only the words tell them apart. */
    private static final Pattern SET_NOT_NULL = Pattern.compile("(?i)\\bset\\s+not\\s+null\\b");

    /** A rule and what breaks it. */
    record Broken(LintRule rule, String what) {}

    private final RevisionSet set;
    private final ObservedStatement seen;
    private final ScriptStatement statement;
    private final Set<String> typeChanged;
    private final List<Broken> broken = new ArrayList<>();

    private StatementRules(RevisionSet set, ObservedStatement seen) {
        this.set = set;
        this.seen = seen;
        this.statement = seen.statement();
        this.typeChanged = seen.changes().stream()
                .filter(change -> change.object().kind() == ObjectKind.COLUMN && change.differs("type"))
                .map(CatalogChange::table)
                .collect(Collectors.toSet());
    }

    static List<Broken> brokenBy(RevisionSet set, ObservedStatement seen) {
        StatementRules rules = new StatementRules(set, seen);
        rules.remarks();
        seen.changes().forEach(rules::change);
        seen.tables().forEach(rules::use);
        rules.workUnderLock();
        return rules.broken.stream().distinct().toList();
    }

    private void remarks() {
        if (!Commands.isKnown(statement.sql()) || seen.has(Remark.RUNS_A_FUNCTION)) {
            add(LintRule.NOT_UNDERSTOOD, statement.beginning());
        }
        remark(Remark.FAILS, LintRule.NOT_UNDERSTOOD);
        remark(Remark.CASCADES, LintRule.NOT_UNDERSTOOD);
        remark(Remark.REFUSED_IN_A_TRANSACTION, LintRule.NOT_RESUMABLE);
        remark(Remark.FAILS_AGAIN, LintRule.NOT_RESUMABLE);
        remark(Remark.NAME_NEEDS_THE_PATH, LintRule.UNQUALIFIED_NAME);
        remark(Remark.NAME_OF_ANOTHER_SCHEMA, LintRule.NAME_OF_ANOTHER_SCHEMA);
    }

    private void remark(Remark remark, LintRule rule) {
        String words = seen.remarks().get(remark);
        if (words != null) {
            add(
                    REFUSALS.entrySet().stream()
                            .filter(refusal -> words.startsWith(refusal.getKey()))
                            .map(Map.Entry::getValue)
                            .findFirst()
                            .orElse(rule),
                    words);
        }
    }

    private void change(CatalogChange change) {
        if (change.isMade()) {
            made(change);
        } else if (change.inUse() && change.isLost()) {
            lost(change);
        } else if (change.inUse()) {
            changed(change);
        }
    }

    private void made(CatalogChange change) {
        CatalogObject object = change.object();
        if (set == RevisionSet.GENERATION) {
            if (ONLY_IN_THE_CONTROL_SET.contains(object.kind())
                    && !object.has("internal")
                    && !object.has("of a column")) {
                add(LintRule.ONLY_TABLES, change, "CREATE");
            }
            if (object.kind() == ObjectKind.COLUMN && object.name().equals("generation")) {
                add(LintRule.GENERATION_COLUMN, change, "");
            }
        }
        if (object.has("lossy")) {
            add(
                    LintRule.LOSSY_TYPE,
                    "column %s is %s in %s".formatted(object.name(), object.trait("shown"), change.table()));
        }
        if (change.inUse()) {
            madeOnATableInUse(change, object);
        }
    }

    private void madeOnATableInUse(CatalogChange change, CatalogObject object) {
        switch (object.kind()) {
            case INDEX -> {
                if (object.has("of a constraint")) {
                    addUnlessRebuilt(LintRule.CONSTRAINT_BUILDS_INDEX, change, "ADD CONSTRAINT");
                } else if (statement.inTransaction()) {
                    addUnlessRebuilt(LintRule.INDEX_NOT_CONCURRENT, change, "CREATE");
                }
            }
            case CONSTRAINT -> {
                if (object.has("validated") && worksThrough(change.table())) {
                    addUnlessRebuilt(LintRule.CONSTRAINT_NOT_VALID, change, "ADD");
                }
            }
            case COLUMN -> {
                if (object.has("without a value")) {
                    add(LintRule.ADD_COLUMN_NOT_NULL, change, "ADD");
                }
            }
            case TRIGGER, RULE -> {
                if (!object.has("internal")) {
                    add(LintRule.TRIGGER_ON_FILLED_TABLE, change, "CREATE");
                }
            }
            case POLICY -> add(LintRule.TAKES_ACCESS_AWAY, change, "CREATE");
            default -> {}
        }
    }

    private void lost(CatalogChange change) {
        CatalogObject object = change.object();
        switch (object.kind()) {
            case CONSTRAINT -> {}
            case INDEX -> {
                if (statement.inTransaction() && !object.has("of a constraint") && !losesAColumn(change.table())) {
                    addUnlessRebuilt(LintRule.INDEX_NOT_CONCURRENT, change, "DROP");
                }
            }
            default -> {
                if (!object.has("internal")) {
                    add(LintRule.DROP_OUTSIDE_CONTRACT, change, "DROP");
                }
            }
        }
    }

    private void changed(CatalogChange change) {
        ObjectKind kind = change.object().kind();
        if (change.isRenamed() && kind != ObjectKind.INDEX) {
            add(LintRule.RENAME_OUTSIDE_CONTRACT, change, "RENAME");
        }
        if (kind == ObjectKind.COLUMN) {
            boolean otherLength = change.differs("shown") && worksThrough(change.table());
            if (change.differs("type") || otherLength) {
                add(LintRule.TYPE_CHANGE, change, "TYPE of");
            } else if (change.gains("not null") && worksThrough(change.table())) {
                boolean set = SET_NOT_NULL.matcher(statement.sql()).find();
                add(set ? LintRule.SET_NOT_NULL : LintRule.CONSTRAINT_NOT_VALID, change, "NOT NULL on");
            }
        }
        if (kind == ObjectKind.INDEX
                && change.differs("storage")
                && statement.inTransaction()
                && !isRewritten(change)) {
            add(LintRule.INDEX_NOT_CONCURRENT, change, "REINDEX");
        }
        if (change.differs("enabled")) {
            add(LintRule.TRIGGER_ON_FILLED_TABLE, change, "ENABLE or DISABLE");
        }
        boolean revoked = change.differs("rights") && statement.word().equals("REVOKE");
        if (revoked || change.differs("owner") || change.gains("row level security")) {
            add(LintRule.TAKES_ACCESS_AWAY, change, statement.word());
        }
    }

    private void use(TableUse use) {
        if (use.work() == Work.TRUNCATION) {
            add(LintRule.TRUNCATE, "TRUNCATE " + use.table());
        } else if (use.work() == Work.BULK_WRITE) {
            add(LintRule.BULK_WRITE, "%s on %s".formatted(statement.word(), use.table()));
        } else if (use.work() == Work.REWRITE && !typeChanged.contains(use.table()) && !broke(LintRule.TYPE_CHANGE)) {
            add(LintRule.REWRITES_TABLE, "%s on %s".formatted(statement.word(), use.table()));
        } else if (statement.word().equals("LOCK") && use.locked() && use.lock().blocksWriters()) {
            add(LintRule.EXPLICIT_LOCK, "%s on %s".formatted(use.lock().title(), use.table()));
        }
    }

    /** Work that breaks a rule of its own is not told twice. */
    private void workUnderLock() {
        LockMode held = seen.strongest();
        if (broken.isEmpty() && statement.inTransaction() && held.blocksWriters()) {
            seen.tables().stream()
                    .filter(use -> use.work().growsWithTheTable())
                    .forEach(use -> add(
                            LintRule.WORK_UNDER_LOCK,
                            "%s of %s under %s".formatted(use.work().title(), use.table(), held.title())));
        }
    }

    /** With a column go its indexes. */
    private boolean losesAColumn(String table) {
        return seen.changes().stream()
                .anyMatch(change -> change.isLost()
                        && change.object().kind() == ObjectKind.COLUMN
                        && change.table().equals(table));
    }

    private boolean worksThrough(String table) {
        return seen.tables().stream()
                .anyMatch(use -> use.table().equals(table) && use.work().growsWithTheTable());
    }

    private boolean isRewritten(CatalogChange change) {
        return seen.tables().stream()
                .anyMatch(use -> use.table().equals(change.table())
                        && (use.work() == Work.REWRITE || use.work() == Work.TRUNCATION));
    }

    private boolean broke(LintRule rule) {
        return broken.stream().anyMatch(one -> one.rule() == rule);
    }

    /** With the type of a column PostgreSQL makes its indexes and constraints again. */
    private void addUnlessRebuilt(LintRule rule, CatalogChange change, String verb) {
        if (!typeChanged.contains(change.table())) {
            add(rule, change, verb);
        }
    }

    private void add(LintRule rule, CatalogChange change, String verb) {
        CatalogObject object = change.object();
        String what =
                "%s %s %s".formatted(verb, object.kind().title(), object.name()).strip();
        add(rule, change.table().isEmpty() ? what : what + " on " + change.table());
    }

    private void add(LintRule rule, String what) {
        broken.add(new Broken(rule, what));
    }
}
