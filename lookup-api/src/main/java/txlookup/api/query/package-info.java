/** The statements that lookups, searches and totals run on one generation. */
@NullMarked
package txlookup.api.query;

import org.jspecify.annotations.NullMarked;
