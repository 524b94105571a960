/** Logins of an environment's processes: to Event Hubs and to PostgreSQL, as the identity that Azure gives them. */
package txlookup.azure.login;
