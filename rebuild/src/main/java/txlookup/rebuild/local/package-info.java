/** The environment on one machine as a rebuild's platform, and the demo's traffic and gates. */
package txlookup.rebuild.local;
