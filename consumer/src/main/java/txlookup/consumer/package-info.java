/** Kafka records to applied batches: poll, decode, apply, commit, one worker a partition. */
package txlookup.consumer;
