/** Load for the benches: events, stored payments, lookups. */
package txlookup.bench.load;
