/** Plans a destruction: what goes, what stays, and whether it can be made again. */
@NullMarked
package txlookup.azure.destroy.plan;

import org.jspecify.annotations.NullMarked;
