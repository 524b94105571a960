/** One evaluation in the formats that people and tools read. */
package txlookup.gate.report;
