/** The shape of the store: released migrations, and the one way to bring a database to head. */
package txlookup.migrations;
