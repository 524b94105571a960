/** Whether an environment meets its objectives: one evaluation, its reports, and the alerts from the same file. */
package txlookup.gate;
