/** Payments of which only one side has arrived. */
@NullMarked
package txlookup.api.openpayment;

import org.jspecify.annotations.NullMarked;
