/** Where observations come from: the services themselves, the store, the log, a Prometheus, Azure's logs. */
package txlookup.gate.source;
