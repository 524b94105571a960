/** A resource manager on this machine, for tests and to practise a rebuild without an account. */
package txlookup.azure.fake;
