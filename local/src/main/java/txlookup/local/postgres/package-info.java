/** A PostgreSQL server on this machine, as a process of its own. */
package txlookup.local.postgres;
