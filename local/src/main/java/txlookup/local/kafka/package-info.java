/** A Kafka broker on this machine, as a process of its own. */
package txlookup.local.kafka;
