/** The console for people: pages over the lookups, dead letters and the pipeline, rendered on the server. */
@NullMarked
package txlookup.api.console;

import org.jspecify.annotations.NullMarked;
