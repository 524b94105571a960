/** Objectives and observations as data, with the files that hold them. */
@NullMarked
package txlookup.gate.model;

import org.jspecify.annotations.NullMarked;
