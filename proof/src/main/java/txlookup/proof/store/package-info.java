/** The store as one side of a comparison, and what it remembers of earlier ones. */
@NullMarked
package txlookup.proof.store;

import org.jspecify.annotations.NullMarked;
