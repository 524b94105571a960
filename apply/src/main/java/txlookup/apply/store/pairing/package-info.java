/** Which payments are open: what a batch changes is due, and one process at a time mends the list. */
@NullMarked
package txlookup.apply.store.pairing;

import org.jspecify.annotations.NullMarked;
