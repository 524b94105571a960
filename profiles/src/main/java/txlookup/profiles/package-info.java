/** What an environment is: its profile, its names and tags, its event profile, and the code that reads and refuses them. */
package txlookup.profiles;
