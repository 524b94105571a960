/** Compares two sides: checksums of buckets first, then the rows that differ. */
@NullMarked
package txlookup.proof.compare;

import org.jspecify.annotations.NullMarked;
