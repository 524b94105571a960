/** Settings of the lookup API, as plain values. */
@NullMarked
package txlookup.api.config;

import org.jspecify.annotations.NullMarked;
