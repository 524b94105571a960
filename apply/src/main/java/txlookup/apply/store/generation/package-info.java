/** The registry of generations and the anchors of their streams. */
@NullMarked
package txlookup.apply.store.generation;

import org.jspecify.annotations.NullMarked;
