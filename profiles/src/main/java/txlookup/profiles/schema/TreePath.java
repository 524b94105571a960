package txlookup.profiles.schema;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and changes the value at the end of a path through nested sections. */
public final class TreePath {

    private TreePath() {}

    /** The value; a missing node where there is none. */
    public static JsonNode get(ObjectNode tree, List<String> segments) {
        JsonNode here = tree;
        for (String segment : segments) {
            here = here.path(segment);
        }
        return here;
    }

    /** Sets the value and makes the sections around it; where something else is in their place, that stays. */
    public static void set(ObjectNode tree, List<String> segments, JsonNode value) {
        ObjectNode section = tree;
        for (String segment : parents(segments)) {
            JsonNode next = section.has(segment) ? section.get(segment) : section.putObject(segment);
            if (!(next instanceof ObjectNode found)) {
                return;
            }
            section = found;
        }
        section.set(last(segments), value);
    }

    /** Removes the value, if there is one. */
    public static void remove(ObjectNode tree, List<String> segments) {
        if (get(tree, parents(segments)) instanceof ObjectNode section) {
            section.remove(last(segments));
        }
    }

    private static List<String> parents(List<String> segments) {
        return segments.subList(0, segments.size() - 1);
    }

    private static String last(List<String> segments) {
        return segments.get(segments.size() - 1);
    }
}
