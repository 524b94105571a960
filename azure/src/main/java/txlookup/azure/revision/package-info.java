/** An app's revisions: another image beside the one that serves, judged, and traffic moved to it and back. */
@NullMarked
package txlookup.azure.revision;

import org.jspecify.annotations.NullMarked;
