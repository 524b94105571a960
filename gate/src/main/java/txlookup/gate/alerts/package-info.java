/** Alerts, their tests and a dashboard, generated from the file of objectives that the gate judges by. */
package txlookup.gate.alerts;
