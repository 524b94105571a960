/** The environment on one machine: real PostgreSQL and real Kafka as processes of their own, without Docker. */
package txlookup.local;
