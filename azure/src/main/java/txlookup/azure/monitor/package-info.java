/** Traces and metrics to Application Insights. */
@NullMarked
package txlookup.azure.monitor;

import org.jspecify.annotations.NullMarked;
