/** Whether everything published and everything extracted is accounted for. */
package txlookup.proof.coverage;
