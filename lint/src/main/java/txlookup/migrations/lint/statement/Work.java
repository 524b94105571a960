package txlookup.migrations.lint.statement;

/** How much a statement does with the rows that a table has; only the first two are over at once on any table. */
public enum Work {
    /** Changes the catalogue alone. */
    CATALOGUE,
    /** Touches rows that are named one by one. */
    NAMED_ROWS,
    /** Reads every row. */
    SCAN,
    /** Writes rows without naming them. */
    BULK_WRITE,
    /** Writes the table or an index of it anew. */
    REWRITE;

    /** Whether it takes the longer the more rows there are. */
    public boolean growsWithTheTable() {
        return compareTo(SCAN) >= 0;
    }
}
