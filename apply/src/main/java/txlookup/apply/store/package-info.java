/** The one transaction in which a batch, its dead letters and its source's position reach PostgreSQL. */
package txlookup.apply.store;
