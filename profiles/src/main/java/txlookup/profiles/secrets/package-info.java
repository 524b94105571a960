/** Where secrets come from, and values that never show themselves. */
package txlookup.profiles.secrets;
