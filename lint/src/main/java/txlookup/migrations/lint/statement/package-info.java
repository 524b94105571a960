/** Reads what a statement does to which table, and which lock it takes. */
@NullMarked
package txlookup.migrations.lint.statement;

import org.jspecify.annotations.NullMarked;
