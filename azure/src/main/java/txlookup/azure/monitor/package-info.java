/** Traces and metrics to Application Insights. */
package txlookup.azure.monitor;
