/** The benches, one class each, started by the scripts in bench/. */
package txlookup.bench;
