/** Event profiles: how a source's events map to the contract's fields. */
package txlookup.profiles.events;
