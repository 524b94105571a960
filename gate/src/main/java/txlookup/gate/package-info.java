/** Objectives, what was observed of an environment, and the pure function from both to verdicts. */
package txlookup.gate;
