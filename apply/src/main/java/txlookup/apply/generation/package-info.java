/** Which generation serves, and the acts that change it (docs/architecture.md, Acts). */
@org.jspecify.annotations.NullMarked
package txlookup.apply.generation;
