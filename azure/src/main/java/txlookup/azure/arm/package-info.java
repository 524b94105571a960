/** Azure Resource Manager over HTTP: ids, requests, the waits that it asks for. */
@NullMarked
package txlookup.azure.arm;

import org.jspecify.annotations.NullMarked;
