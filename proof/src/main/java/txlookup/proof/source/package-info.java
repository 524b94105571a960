/** What the store is compared with: files and tables of the source, or the log. */
package txlookup.proof.source;
