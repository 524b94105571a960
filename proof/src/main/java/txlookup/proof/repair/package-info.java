/** Repairs a store that differs from its source. */
@NullMarked
package txlookup.proof.repair;

import org.jspecify.annotations.NullMarked;
