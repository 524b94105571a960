/** What a migration does to a store in use, read from its SQL: which locks, how long, what is lost, and whether that is allowed. */
package txlookup.migrations.lint;
