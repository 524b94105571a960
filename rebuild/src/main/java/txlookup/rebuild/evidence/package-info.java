/** Bundles of evidence, chained by hash, in which nothing can be changed, removed or inserted without its being named. */
package txlookup.rebuild.evidence;
