/** What there is in a subscription, read without changing it, and the few things that may be asked of it. */
@NullMarked
package txlookup.azure.inventory;

import org.jspecify.annotations.NullMarked;
