/** What the consumer tells probes and the registry, and the gauges of its partitions. */
@NullMarked
package txlookup.consumer.health;

import org.jspecify.annotations.NullMarked;
