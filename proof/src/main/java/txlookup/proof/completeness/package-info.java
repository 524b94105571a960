/** Proves that everything published and extracted is accounted for. */
@NullMarked
package txlookup.proof.completeness;

import org.jspecify.annotations.NullMarked;
