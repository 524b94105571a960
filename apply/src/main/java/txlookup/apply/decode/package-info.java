/** Bytes to snapshots, by docs/contract.md and an event profile; whatever it refuses becomes a dead letter. */
package txlookup.apply.decode;
