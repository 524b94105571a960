/** What the benches compare: this consumer, backfill and API beside the alternatives. */
package txlookup.bench.contender;
