/** Connections to the store, statements on them, and which of their failures are retried. */
@NullMarked
package txlookup.apply.store.sql;

import org.jspecify.annotations.NullMarked;
