/** The sections of a profile as records. */
package txlookup.profiles.settings;
