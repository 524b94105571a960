/** Every name and tag of an environment, made and read back. */
package txlookup.profiles.naming;
