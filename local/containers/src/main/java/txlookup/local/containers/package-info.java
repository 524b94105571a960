/** PostgreSQL and Kafka for tests in containers, where a Docker engine answers. */
@NullMarked
package txlookup.local.containers;

import org.jspecify.annotations.NullMarked;
