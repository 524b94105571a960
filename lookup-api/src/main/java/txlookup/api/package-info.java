/** Answers lookups over HTTP from the store, each of them audited before it is answered. */
@NullMarked
package txlookup.api;

import org.jspecify.annotations.NullMarked;
