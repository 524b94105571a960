/** What outlives an environment in its storage account: evidence, the progress of what runs within, extracts. */
@NullMarked
package txlookup.azure.kept;

import org.jspecify.annotations.NullMarked;
