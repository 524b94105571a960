/** Azure Resource Manager over HTTP: ids, requests, the waits that it asks for. */
package txlookup.azure.arm;
