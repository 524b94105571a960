/** Which generation serves, and the acts that change it (generations.md). */
@org.jspecify.annotations.NullMarked
package txlookup.apply.generation;
