/** One transaction a batch: rows merged, dead letters kept, position moved, all or nothing. */
@NullMarked
package txlookup.apply.store.batch;

import org.jspecify.annotations.NullMarked;
