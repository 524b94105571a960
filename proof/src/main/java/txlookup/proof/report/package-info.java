/** One evaluation, written for people, programs and continuous integration. */
package txlookup.proof.report;
