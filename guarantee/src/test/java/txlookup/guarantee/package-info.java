/** The proof of the product: random histories under random faults end in the store that a sequential fold of them gives. */
package txlookup.guarantee;
