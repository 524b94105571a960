/** The store as one side of a comparison, and what it remembers of earlier ones. */
package txlookup.proof.store;
