/** Processes on this machine: started, found again, signalled, stopped. */
package txlookup.local.process;
