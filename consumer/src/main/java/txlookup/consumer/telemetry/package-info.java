/** Metrics and traces of applied batches, and whether the store answers. */
@NullMarked
package txlookup.consumer.telemetry;

import org.jspecify.annotations.NullMarked;
