/** What moves through the pipeline: records, snapshots in their winning order, dead letters, batches. */
package txlookup.apply;
