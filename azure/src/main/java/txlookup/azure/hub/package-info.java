/** What Event Hubs itself tells of its partitions and its load, beyond what Kafka's protocol tells. */
@NullMarked
package txlookup.azure.hub;

import org.jspecify.annotations.NullMarked;
