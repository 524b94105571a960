/** An environment made from nothing: Azure as a rebuild's platform, and what lets a stage follow another. */
@NullMarked
package txlookup.azure.recreate;

import org.jspecify.annotations.NullMarked;
