/** Whether the store holds what the source holds: differences found, confirmed, classed, and repaired. */
package txlookup.proof;
