/** One executable, {@code txlookup}: commands that read the profile and start the parts. */
package txlookup.cli;
