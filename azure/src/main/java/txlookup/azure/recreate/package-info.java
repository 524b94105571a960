/** An environment made from nothing: Azure as a rebuild's platform, and what lets a stage follow another. */
package txlookup.azure.recreate;
