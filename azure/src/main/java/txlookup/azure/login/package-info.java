/** Logins of an environment's processes: to Event Hubs and to PostgreSQL, as the identity that Azure gives them. */
@NullMarked
package txlookup.azure.login;

import org.jspecify.annotations.NullMarked;
