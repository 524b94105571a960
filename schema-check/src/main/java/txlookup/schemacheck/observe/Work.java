package txlookup.schemacheck.observe;

import java.util.Locale;

/** How much a statement does with the rows that a table has; the first three are over at once on any table. */
public enum Work {
    /** Changes the catalogue alone. */
    CATALOGUE,
    /** Touches rows that are named one by one. */
    NAMED_ROWS,
    /** Empties the table. */
    TRUNCATION,
    /** Reads every row. */
    SCAN,
    /** Writes rows without naming them. */
    BULK_WRITE,
    /** Writes the table or an index of it anew. */
    REWRITE;

    /** As a report shows it. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Whether it takes the longer the more rows there are. */
    public boolean growsWithTheTable() {
        return compareTo(SCAN) >= 0;
    }
}
