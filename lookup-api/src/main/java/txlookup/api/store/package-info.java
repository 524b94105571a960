/** Read connections to the store, and what its failures mean. */
@NullMarked
package txlookup.api.store;

import org.jspecify.annotations.NullMarked;
