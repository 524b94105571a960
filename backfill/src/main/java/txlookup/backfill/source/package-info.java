/** Where a backfill reads from: files of JSON lines, and tables over JDBC. */
@NullMarked
package txlookup.backfill.source;

import org.jspecify.annotations.NullMarked;
