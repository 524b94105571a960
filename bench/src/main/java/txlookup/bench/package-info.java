/** Measurements beside the peers and the limit, each a program whose last line is one JSON object. */
package txlookup.bench;
