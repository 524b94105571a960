/** Bytes to snapshots, by contract.md and an event profile; whatever it refuses becomes a dead letter. */
package txlookup.apply.decode;
