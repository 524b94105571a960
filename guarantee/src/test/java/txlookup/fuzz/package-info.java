/** Bytes to decoder to store, judged by a second reading of docs/contract.md that shares no code with the product. */
package txlookup.fuzz;
