/** Rows in PostgreSQL's binary COPY format. */
@NullMarked
package txlookup.apply.store.copy;

import org.jspecify.annotations.NullMarked;
