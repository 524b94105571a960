/** Synthetic payments: the same seed gives the same payments, as events for Kafka and as rows for a backfill. */
package txlookup.traffic;
