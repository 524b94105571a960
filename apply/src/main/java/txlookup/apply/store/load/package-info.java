/** Loads a backfill's chunks into a store that is empty or in use. */
@NullMarked
package txlookup.apply.store.load;

import org.jspecify.annotations.NullMarked;
