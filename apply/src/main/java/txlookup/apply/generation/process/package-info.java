/** Which processes live, and what each says of itself. */
@NullMarked
package txlookup.apply.generation.process;

import org.jspecify.annotations.NullMarked;
