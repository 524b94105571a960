/** Console pages over lookups, generations and rebuilds, with their assets, languages and forms. */
@NullMarked
package txlookup.api.console.page;

import org.jspecify.annotations.NullMarked;
