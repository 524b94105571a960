/** Finds ids by their beginning. */
@NullMarked
package txlookup.api.search;

import org.jspecify.annotations.NullMarked;
