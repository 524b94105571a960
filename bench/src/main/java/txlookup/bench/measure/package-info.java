/** What the benches measure: latencies, throughput, processor time, database work. */
package txlookup.bench.measure;
