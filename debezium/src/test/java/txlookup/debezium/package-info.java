/** The pipeline on the events of a real source: a PostgreSQL database captured by Debezium's connector. */
package txlookup.debezium;
