package txlookup.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What was measured, round by round: a table for people, and one line of JSON for programs. */
public final class Metrics {
    private final Map<String, List<Double>> rounds = new LinkedHashMap<>();
    private final Map<String, List<Double>> millis = new LinkedHashMap<>();
    private final Map<String, Object> all = new LinkedHashMap<>();

    public void add(String name, double value) {
        rounds.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        System.out.printf("  %-32s %,12.0f%n", name, value);
    }

    /** Keeps the fraction that {@link #add} leaves out of what is printed. */
    public void addMillis(String name, double value) {
        millis.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        System.out.printf("  %-32s %,12.2f%n", name, value);
    }

    /** Prints it at once, too: a run that is cut off has told what it saw. */
    public void put(String name, Object value) {
        System.out.printf("  %-32s %12s%n", name, value);
        all.put(name, value);
    }

    /** The median of what was added under a name. */
    double median(String name) {
        return median(rounds.get(name));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    boolean has(String name) {
        return rounds.containsKey(name);
    }

    public void ratio(String name, String of, String to) {
        if (has(of) && has(to)) {
            put(name, Math.round(1000 * median(of) / median(to)) / 1000.0);
        }
    }

    public void print() {
        System.out.printf("%n%-32s %12s %12s %12s%n", "", "median", "lowest", "highest");
        rounds.forEach((name, values) -> System.out.printf(
                "%-32s %,12.0f %,12.0f %,12.0f%n",
                name,
                median(name),
                values.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                values.stream().mapToDouble(Double::doubleValue).max().orElseThrow()));
        millis.forEach((name, values) -> all.put(name, Math.round(100 * median(values)) / 100.0));
        all.forEach((name, value) -> System.out.printf("%-32s %12s%n", name, value));
        System.out.println(JsonMapper.builder().build().writeValueAsString(line()));
    }

    /** All figures, as the last line has them. */
    public Map<String, Object> line() {
        Map<String, Object> line = new LinkedHashMap<>();
        rounds.keySet().forEach(name -> line.put(name, Math.round(median(name))));
        millis.forEach((name, values) -> line.put(name, Math.round(100 * median(values)) / 100.0));
        line.putAll(all);
        return line;
    }
}
