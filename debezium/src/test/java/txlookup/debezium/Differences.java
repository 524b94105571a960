package txlookup.debezium;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What two tables that should be equal differ in, row by row. */
final class Differences {
    private static final int SHOWN = 5;

    private Differences() {}

    /** One line for each row that is missing, extra or other than it should be; the first few of them. */
    static <T> List<String> between(List<T> wanted, List<T> seen, Function<T, String> key) {
        Map<String, T> wantedByKey = byKey(wanted, key);
        Map<String, T> seenByKey = byKey(seen, key);
        Set<String> keys = new TreeSet<>(wantedByKey.keySet());
        keys.addAll(seenByKey.keySet());
        List<String> differences = new ArrayList<>();
        for (String each : keys) {
            T want = wantedByKey.get(each);
            T see = seenByKey.get(each);
            if (want == null) {
                differences.add("extra: " + see);
            } else if (see == null) {
                differences.add("missing: " + want);
            } else if (!want.equals(see)) {
                differences.add("wanted " + want + ", saw " + see);
            }
        }
        if (differences.size() <= SHOWN) {
            return differences;
        }
        List<String> first = new ArrayList<>(differences.subList(0, SHOWN));
        first.add("and %,d more".formatted(differences.size() - SHOWN));
        return first;
    }

    private static <T> Map<String, T> byKey(List<T> rows, Function<T, String> key) {
        return rows.stream().collect(Collectors.toMap(key, Function.identity()));
    }
}
