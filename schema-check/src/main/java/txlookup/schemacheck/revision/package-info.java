/** The files of migrations: their statements, and which of them are released. */
@NullMarked
package txlookup.schemacheck.revision;

import org.jspecify.annotations.NullMarked;
