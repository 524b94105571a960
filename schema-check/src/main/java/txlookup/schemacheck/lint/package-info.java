/** Judges revisions by the rules for tables in use. */
@NullMarked
package txlookup.schemacheck.lint;

import org.jspecify.annotations.NullMarked;
