/** What bench/scale measures on stores of very different sizes, phase by phase. */
package txlookup.bench.scale;
