/** Dead letters in the store, and the runs that replay or discard them. */
@NullMarked
package txlookup.apply.store.deadletter;

import org.jspecify.annotations.NullMarked;
