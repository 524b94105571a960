package txlookup.schemacheck.observe;

/** What PostgreSQL says of a statement beside what it did. */
public enum Remark {
    /** It refuses the statement. */
    FAILS,
    /** It runs the statement in no transaction, and Flyway runs it in one. */
    REFUSED_IN_A_TRANSACTION,
    /** It refuses the statement when that has run once. */
    FAILS_AGAIN,
    /** It finds a name only when the schema is on the search path. */
    NAME_NEEDS_THE_PATH,
    /** The schema's owner may not use the schema of a name. */
    NAME_OF_ANOTHER_SCHEMA,
    /** It dropped more than the statement names. */
    CASCADES,
    /** It ran a function of the revisions, which may do anything. */
    RUNS_A_FUNCTION,
    /** It would wait for a lock, or let the statement run, without a limit. */
    UNBOUNDED
}
