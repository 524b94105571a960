package txlookup.schemacheck.lint;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a revision may not do while readers and writers are at work (docs/policy.md, Schema changes). */
public enum LintRule {
    DROP_OUTSIDE_CONTRACT(
            "takes away what a released version may still use",
            "stop using it first; drop it two releases later in a revision headed \"-- contract: V<its expand>\""),
    RENAME_OUTSIDE_CONTRACT(
            "a released version still uses the old name",
            "add the new name beside it, fill it, move the code over, and drop the old one in a contract revision"),
    CONTRACT_TOO_SOON(
            "the releases before still use what is taken away",
            "wait until two releases lie between the expand and this, and name the expand: \"-- contract: V6\""),
    ADD_COLUMN_NOT_NULL(
            "fails on a table that has rows, and the released writers do not fill it",
            "add it nullable, or with a constant default; fill it; then constrain it by a check that is validated"),
    SET_NOT_NULL(
            "reads the whole table while nobody may read or write it",
            "ADD CONSTRAINT ... CHECK (column IS NOT NULL) NOT VALID, in the next revision VALIDATE CONSTRAINT, then SET NOT NULL"),
    TYPE_CHANGE(
            "rewrites the table while nobody may read or write it, and may alter values",
            "add a column of the new type, write both, fill it in batches, move the readers, drop the old one in a contract revision"),
    INDEX_NOT_CONCURRENT(
            "keeps writers, or readers too, waiting while it works through the table",
            "use CONCURRENTLY, in a revision of its own"),
    NOT_RESUMABLE(
            "cannot be resumed after a kill half way",
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS or DROP INDEX CONCURRENTLY IF EXISTS, in a file without statements that need a transaction"),
    CONSTRAINT_NOT_VALID(
            "reads the whole table while writers wait",
            "add it NOT VALID, and VALIDATE CONSTRAINT in the next revision"),
    CONSTRAINT_BUILDS_INDEX(
            "builds an index while nobody may read or write the table",
            "CREATE UNIQUE INDEX CONCURRENTLY in a revision of its own, then ADD CONSTRAINT ... USING INDEX"),
    BULK_WRITE(
            "locks every row that it changes until the revision's end, and may lose what was there",
            "change rows in batches outside the migrations, or name them by their whole primary key"),
    REWRITES_TABLE(
            "rewrites the whole table while nobody may read or write it",
            "add a nullable column without a default that differs by row, and fill it in batches"),
    WORK_UNDER_LOCK(
            "works through a table while the lock of an earlier statement keeps others waiting",
            "put it into a revision of its own, before or after the revision with the lock"),
    EXPLICIT_LOCK(
            "keeps everybody waiting until the revision's end",
            "leave it out: each statement takes the lock that it needs"),
    TRUNCATE("all rows are lost", "make the environment again; a store is emptied by a rebuild, not by a revision"),
    TRIGGER_ON_FILLED_TABLE(
            "released writers run it at once, and it may refuse or change what they write",
            "make it part of the table when that is created; otherwise allow it with the reason why writers are not affected"),
    TAKES_ACCESS_AWAY(
            "a released version may need what it takes away",
            "grant the new rights first; take the old ones away two releases later, in a contract revision"),
    LOSSY_TYPE(
            "does not keep every value as it was sent",
            "numeric for amounts, timestamptz for times, text for words and ids, bigint GENERATED ALWAYS AS IDENTITY for numbers"),
    UNQUALIFIED_NAME(
            "the control schema is on no search path, so the name finds nothing, or something else",
            "write bo. in front of the name"),
    NAME_OF_ANOTHER_SCHEMA(
            "ties this schema to another, which is made, expanded and dropped apart from it",
            "write bo. in front of each name in the control set; in a generation's set write names alone"),
    GENERATION_COLUMN(
            "the schema is the generation already, and a column that repeats it may differ from it",
            "leave it out: the number is in the schema's name"),
    ONLY_TABLES(
            "a generation is dropped table by table, and code in it outlives the build that wrote it",
            "make tables and indexes only; put code into the product, or a function into the control schema"),
    MISSING_TIMEOUT(
            "without a bound a revision that waits for its lock lets everybody queue up behind it",
            "bound lock_timeout and statement_timeout in beforeEachMigrate, and do not lift them"),
    EDITED_REVISION(
            "databases that have run it differ from those that will",
            "restore the released file, and write a new revision"),
    NOT_UNDERSTOOD(
            "its effect cannot be read from it, so nobody can say that it is safe",
            "write plain statements; or allow it with the reason why it is safe"),
    SUPPRESSION(
            "a suppression must say what it allows and why, and be needed",
            "-- lint:allow <rule> because <reason>, right above the statement");

    private final String why;
    private final String instead;

    LintRule(String why, String instead) {
        this.why = why;
        this.instead = instead;
    }

    /** As it is written in a report and in a suppression. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What goes wrong. */
    public String why() {
        return why;
    }

    public String instead() {
        return instead;
    }

    /** Whether a contract revision, in its time, may do it. */
    boolean isForContracts() {
        return this == DROP_OUTSIDE_CONTRACT || this == RENAME_OUTSIDE_CONTRACT || this == TAKES_ACCESS_AWAY;
    }

    static Optional<LintRule> of(String id) {
        return Stream.of(values()).filter(rule -> rule.id().equals(id)).findFirst();
    }
}
