package txlookup.profiles.schema;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds what someone may have meant by a name that does not exist. */
public final class ClosestName {

    private static final int MOST_EDITS = 3;

    private ClosestName() {}

    /** The candidate that is at most three edits away, the nearest if there are several. */
    public static Optional<String> among(List<String> candidates, String name) {
        return candidates.stream()
                .filter(candidate -> edits(candidate, name) <= MOST_EDITS)
                .min(Comparator.comparingInt(candidate -> edits(candidate, name)));
    }

    /** Levenshtein's distance, row by row. */
    private static int edits(String one, String other) {
        int[] above = new int[other.length() + 1];
        for (int column = 0; column <= other.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= one.length(); row++) {
            int[] here = new int[other.length() + 1];
            here[0] = row;
            for (int column = 1; column <= other.length(); column++) {
                int replaced = above[column - 1] + (one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1);
                here[column] = Math.min(replaced, 1 + Math.min(above[column], here[column - 1]));
            }
            above = here;
        }
        return above[other.length()];
    }
}
