/** A Flink SQL job, in a process of its own, that writes ledger events from Kafka to PostgreSQL. */
package txlookup.bench.flink;
