/** SHA-256, by which files, evidence and rows are recognised. */
package txlookup.profiles.digest;
