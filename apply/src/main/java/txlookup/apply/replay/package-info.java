/** Applies dead letters again: in place, through the same order and the same tables, never back to the topic. */
@NullMarked
package txlookup.apply.replay;

import org.jspecify.annotations.NullMarked;
