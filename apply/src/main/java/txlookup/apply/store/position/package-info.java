/** How far each source is applied, and who may move that position. */
@NullMarked
package txlookup.apply.store.position;

import org.jspecify.annotations.NullMarked;
