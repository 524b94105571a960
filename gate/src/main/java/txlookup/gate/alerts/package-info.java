/** Alerts, their tests and a dashboard, generated from the file of objectives that the gate judges by. */
@NullMarked
package txlookup.gate.alerts;

import org.jspecify.annotations.NullMarked;
