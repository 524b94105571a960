/** Sets rows aside that a verification found wrong. */
@NullMarked
package txlookup.apply.store.repair;

import org.jspecify.annotations.NullMarked;
