/** Files in blob storage that are written once. */
@NullMarked
package txlookup.azure.blob;

import org.jspecify.annotations.NullMarked;
