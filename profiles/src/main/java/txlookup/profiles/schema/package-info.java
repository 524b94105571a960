/** YAML files, the JSON schemas that judge them, and the problems found. */
package txlookup.profiles.schema;
