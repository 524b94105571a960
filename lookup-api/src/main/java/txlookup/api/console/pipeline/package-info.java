/** Console pages that show the pipeline live. */
@NullMarked
package txlookup.api.console.pipeline;

import org.jspecify.annotations.NullMarked;
