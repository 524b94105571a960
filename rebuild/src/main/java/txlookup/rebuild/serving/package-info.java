/** What a rebuild asks the store about the generations beside its own, and how its own comes to serve. */
package txlookup.rebuild.serving;
