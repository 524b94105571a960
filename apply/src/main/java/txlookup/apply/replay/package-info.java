/** Applies dead letters again: in place, through the same order and the same tables, never back to the topic. */
package txlookup.apply.replay;
