/** Two generations compared with each other. */
@NullMarked
package txlookup.proof.generation;

import org.jspecify.annotations.NullMarked;
