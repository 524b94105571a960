/** Payments of which one side is here, from the list that the consumer keeps. */
@NullMarked
package txlookup.api.openpayment;

import org.jspecify.annotations.NullMarked;
