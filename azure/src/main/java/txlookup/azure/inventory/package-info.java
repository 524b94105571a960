/** What there is in a subscription, read without changing it, and the few things that may be asked of it. */
package txlookup.azure.inventory;
