/** The command that migrates a database, lints migrations and shows their plan. */
@NullMarked
package txlookup.cli.migrate;

import org.jspecify.annotations.NullMarked;
