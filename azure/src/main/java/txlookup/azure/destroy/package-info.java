/** Who may be destroyed (default deny), the plan that says so, its execution and the evidence (docs/policy.md). */
package txlookup.azure.destroy;
