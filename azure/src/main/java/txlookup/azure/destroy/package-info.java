/** Who may be destroyed (default deny), the plan that says so, its execution and the evidence (rebuild-policy.md). */
package txlookup.azure.destroy;
