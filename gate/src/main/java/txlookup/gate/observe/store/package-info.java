/** What the store and the log say of one generation. */
@NullMarked
package txlookup.gate.observe.store;

import org.jspecify.annotations.NullMarked;
