/** One evaluation in the formats that people and tools read. */
@NullMarked
package txlookup.gate.report;

import org.jspecify.annotations.NullMarked;
