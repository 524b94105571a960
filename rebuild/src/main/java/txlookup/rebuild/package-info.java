/** The seven steps of a rebuild in their order, and what a decided rebuild leaves behind. */
@NullMarked
package txlookup.rebuild;

import org.jspecify.annotations.NullMarked;
