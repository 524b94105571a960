/** Judges an observation by objectives: a pure function to verdicts. */
@NullMarked
package txlookup.gate.evaluate;

import org.jspecify.annotations.NullMarked;
