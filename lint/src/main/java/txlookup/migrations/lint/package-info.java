/** Judges migrations by the rules for tables in use, and shows what they will lock. */
@NullMarked
package txlookup.migrations.lint;

import org.jspecify.annotations.NullMarked;
