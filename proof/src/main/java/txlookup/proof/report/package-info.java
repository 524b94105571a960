/** One evaluation, written for people, programs and continuous integration. */
@NullMarked
package txlookup.proof.report;

import org.jspecify.annotations.NullMarked;
