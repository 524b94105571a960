/** The audit: who looked up what, written before the answer and chained so that changes show. */
@NullMarked
package txlookup.api.audit;

import org.jspecify.annotations.NullMarked;
