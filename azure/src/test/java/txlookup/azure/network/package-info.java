/** What stands on this machine for the network of a cloud. */
@NullMarked
package txlookup.azure.network;

import org.jspecify.annotations.NullMarked;
