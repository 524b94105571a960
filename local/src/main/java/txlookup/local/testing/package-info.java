/** One PostgreSQL server and one Kafka broker a test JVM, for the tests of every module. */
package txlookup.local.testing;
