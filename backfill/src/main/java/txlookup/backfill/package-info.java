/** Source rows to applied batches: chunks with checkpoints, progress, and a manifest at the end. */
package txlookup.backfill;
