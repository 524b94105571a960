/** Two generations compared with each other. */
package txlookup.proof.generation;
