/** Loads the state up to the cutover in chunks, and resumes where it was killed. */
@NullMarked
package txlookup.backfill;

import org.jspecify.annotations.NullMarked;
