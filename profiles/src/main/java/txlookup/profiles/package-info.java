/** What an environment is: its profile, read, overridden and judged as a whole. */
package txlookup.profiles;
