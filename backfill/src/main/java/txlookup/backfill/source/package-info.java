/** Where a backfill reads from: files of JSON lines, and tables over JDBC. */
package txlookup.backfill.source;
