/** PostgreSQL and Kafka of a bench, and the processes that end with it. */
package txlookup.bench.servers;
