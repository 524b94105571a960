/** From nothing to GO or NO_GO: the seven steps of docs/policy.md, resumable, with evidence. */
package txlookup.rebuild;
